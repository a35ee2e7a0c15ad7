import { beforeEach, describe, expect, test } from 'vitest';
import { findCozeState, watchCoze } from '../../src/core/coze-state.ts';
import type { CozeFailure, CozeFailureFacts } from '../../src/core/errors.ts';
import { createLogbook } from '../support/logbook.ts';
import { createNotes } from '../support/notes.ts';

let notes = createNotes();
let writes = 0;
beforeEach(() => {
  notes = createNotes();
  writes = 0;
});

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A worker's process, on the notes that all share. */
function open(find = notes.find) {
  const keep: typeof notes.keep = (...note) => {
    writes += 1;
    return notes.keep(...note);
  };
  const log = createLogbook();
  const watch = watchCoze({ notes: { find, keep }, log });
  const hear = (askedAt: number, failure?: CozeFailureFacts) =>
    watch({ platform: 'fake', outcome: 'any', heard: { askedAt, failure } });
  return {
    log,
    watch,
    hear,
    async heard(...question: Parameters<typeof hear>) {
      hear(...question);
      await settle();
      return findCozeState(notes);
    },
  };
}

const failed = (kind: CozeFailure, isAway = false): CozeFailureFacts => ({
  kind,
  said: 'a secret of Coze',
  retryable: false,
  ...(isAway && { isAway }),
});

describe('how Coze is', () => {
  test('is not known before a question was put', async () => {
    const { watch } = open();
    watch({ platform: 'fake', outcome: 'help' });
    await settle();
    expect(await findCozeState(notes)).toBeUndefined();
    expect(writes).toBe(0);
  });

  test.each(['token', 'config', 'quota', 'busy'] as const)(
    'is in trouble after a question that failed for its %s',
    async (kind) => {
      expect(await open().heard(1, failed(kind))).toEqual({ trouble: kind, since: 1 });
    },
  );

  test('is away, and not only busy, when it could not be reached', async () => {
    expect(await open().heard(1, failed('busy', true))).toEqual({ trouble: 'away', since: 1 });
  });

  test.each(['refused', 'too-long', 'file', 'gone', 'occupied', 'cut', 'failed'] as const)(
    'is well where only the question was not: %s',
    async (kind) => {
      const { heard } = open();
      await heard(1, failed('token'));
      expect(await heard(2, failed(kind))).toEqual({ since: 2 });
    },
  );

  test('is noted when it changes, and only then', async () => {
    const { heard } = open();
    await heard(1);
    await heard(2);
    expect(writes).toBe(1);
    await heard(3, failed('token'));
    await heard(4, failed('token'));
    expect(writes).toBe(2);
    expect(await heard(5)).toEqual({ since: 5 });
    expect(writes).toBe(3);
    expect(JSON.stringify([...notes.kept])).not.toContain('secret');
  });

  test('has been in trouble since it began, though it is another one by now', async () => {
    const { heard } = open();
    await heard(1, failed('busy'));
    expect(await heard(2, failed('token'))).toEqual({ trouble: 'token', since: 1 });
  });

  test('is what any process finds, also one that has never seen the trouble', async () => {
    const [one, other] = [open(), open()];
    await other.heard(1);
    await one.heard(2, failed('token'));
    expect(await other.heard(3)).toEqual({ since: 3 });
  });

  test('is what the last question found, though the answer to an earlier one ends later', async () => {
    const [one, other] = [open(), open()];
    await one.heard(2, failed('token'));
    expect(await other.heard(1)).toEqual({ trouble: 'token', since: 2 });
    await one.heard(4);
    expect(await other.heard(3, failed('token'))).toEqual({ since: 4 });
  });
});

describe('noting it', () => {
  test('fails nobody, and is made good by the next question', async () => {
    const { heard, hear, log } = open();
    notes.isAway = true;
    hear(1, failed('token'));
    await settle();
    notes.isAway = false;
    expect(log.events()).toEqual(['debug: how Coze is was not noted']);
    expect(await heard(2, failed('token'))).toEqual({ trouble: 'token', since: 2 });
  });

  test('has one note on its way at a time, and then the newest question', async () => {
    let answer: (() => void) | undefined;
    let finds = 0;
    const { hear } = open(async (...note) => {
      finds += 1;
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return notes.find(...note);
    });
    hear(1);
    hear(2, failed('busy'));
    hear(5, failed('quota'));
    hear(4);
    await settle();
    expect(finds).toBe(1);
    answer?.();
    await settle();
    answer?.();
    await settle();
    expect(finds).toBe(2);
    expect(await findCozeState(notes)).toEqual({ trouble: 'quota', since: 5 });
  });
});
