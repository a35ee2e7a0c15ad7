import { beforeEach, expect, test } from 'vitest';
import { controlKey } from '../src/core/addressing.ts';
import { watchCoze } from '../src/core/coze-state.ts';
import { CozeFailed, TargetGone } from '../src/core/errors.ts';
import type { AttemptEnd } from '../src/core/turn-report.ts';
import { createWorker } from '../src/worker.ts';
import { created, done } from './support/fake-coze.ts';
import { inbound } from './support/fake-platform.ts';
import { createDelivery, type FakeDelivery } from './support/fake-store.ts';
import { createLogbook } from './support/logbook.ts';
import { createTurnRig, failure } from './support/turn-rig.ts';

let rig = createTurnRig();
beforeEach(() => {
  rig = createTurnRig();
});

function createRiggedWorker(watch: (end: AttemptEnd) => void, log = createLogbook()) {
  const { coze, gate, conversations, suggestions, posts, budget, running, clock, platform } = rig;
  return createWorker({
    cozeFor: () => coze,
    gate,
    senders: [platform.sender],
    conversations,
    suggestions,
    posts,
    budget,
    running,
    clock,
    log,
    watch,
    showReasoning: false,
    longAnswerMessages: 15,
    userIdOf: () => 'user',
    turnIdOf: () => 'turn',
    hashOf: () => 'hash',
  });
}

/** What an attempt tells of Coze. */
async function heardIn(delivery: FakeDelivery, meanwhile = async () => {}): Promise<AttemptEnd['heard']> {
  const ends: AttemptEnd[] = [];
  const answered = createRiggedWorker((end) => void ends.push(end)).answer(delivery);
  const settled = answered.catch(() => undefined);
  await meanwhile();
  await rig.drive(settled);
  expect(ends).toHaveLength(1);
  return ends[0]?.heard;
}

const ask = (record?: FakeDelivery['record']) => createDelivery(inbound('hi'), record && { record });

test('an answer tells that Coze is well, and when that was asked', async () => {
  rig.coze.next(created('7'), done('An answer.'));
  expect(await heardIn(ask())).toEqual({ askedAt: 1_000_000, failure: undefined });
});

test('an answer that was found again tells it too', async () => {
  rig.coze.nextRecovery({ text: 'An answer.' });
  const chat = { conversationId: '1', chatId: '7' };
  expect(await heardIn(ask({ generation: 0, posted: [], chat }))).toMatchObject({ failure: undefined });
});

test('a failure that is told to the reader is the one that is told of Coze', async () => {
  rig.coze.next(failure('quota'));
  expect(await heardIn(ask())).toMatchObject({ askedAt: 1_000_000, failure: { kind: 'quota' } });
});

test('no question need have been put: the token may be refused before that', async () => {
  rig.coze.nextOpening(failure('token'));
  expect(await heardIn(ask())).toMatchObject({ failure: { kind: 'token' } });
});

test('an attempt that broke off tells what Coze failed with', async () => {
  rig.coze.next(failure('busy', { retryable: true }));
  expect(await heardIn(ask())).toMatchObject({ askedAt: 1_000_000, failure: { kind: 'busy' } });
});

test('an attempt that waits for Coze tells that it is away', async () => {
  rig.coze.next(new CozeFailed({ kind: 'busy', retryable: true, isAway: true }));
  expect(await heardIn(ask())).toMatchObject({ failure: { kind: 'busy', isAway: true } });
});

test('an ending that was pending is no news of Coze', async () => {
  const { facts } = failure('token');
  const pending = { outcome: 'failed', text: '', facts } as const;
  expect(await heardIn(ask({ generation: 0, posted: [], ending: pending }))).toBeUndefined();
  const whole = { outcome: 'answered', text: 'An answer.' } as const;
  expect(await heardIn(ask({ generation: 0, posted: [], ending: whole }))).toBeUndefined();
});

test('a question that was stopped tells that Coze had taken it, and nothing when it was not put', async () => {
  rig.coze.next(created('7'), 'hang');
  const stopping = async () => {
    await rig.clock.settle();
    rig.running.interrupt({ key: 'key', generation: 1 });
  };
  expect(await heardIn(ask(), stopping)).toMatchObject({ failure: undefined });
  const delivery = ask();
  delivery.stop();
  expect(await heardIn(delivery)).toBeUndefined();
});

test('what was not asked, or failed for the platform or for us, tells nothing of Coze', async () => {
  expect(await heardIn(createDelivery(inbound('/help'), { key: controlKey('key') }))).toBeUndefined();
  expect(await heardIn(createDelivery(inbound('')))).toBeUndefined();
  rig.coze.next(new TypeError('x is not a function'));
  expect(await heardIn(ask())).toBeUndefined();
  rig.platform.failNext(new TargetGone('blocked'));
  expect(await heardIn(ask())).toBeUndefined();
});

test.each([
  ['fails', () => Promise.reject(new Error('no'))],
  ['never answers', () => new Promise<never>(() => {})],
])('no turn fails or waits for it when the store %s', async (_, call) => {
  const watch = watchCoze({ notes: { find: call, keep: call }, log: createLogbook() });
  const worker = createRiggedWorker(watch);
  for (const words of ['One.', 'Two.']) {
    rig.coze.next(created('7'), done(words));
    await rig.drive(worker.answer(ask()));
  }
  expect(rig.platform.screen).toEqual(['One.', 'Two.']);
});

test('mail for another bot waits a day for a worker that has it, which the log warns of once', async () => {
  const log = createLogbook();
  const worker = createRiggedWorker(() => {}, log);
  const answer = async (sentAt: number) => {
    const target = { ...inbound('').target, bot: 'b2' };
    await worker.answer(createDelivery(inbound('hi', { target, sentAt })));
  };
  const yesterday = rig.clock.now() - 24 * 60 * 60 * 1_000;
  for (const sentAt of [rig.clock.now(), yesterday])
    await expect(answer(sentAt)).rejects.toMatchObject({ name: 'Postponed', waitMs: 2_000 });
  expect(log.events()).toEqual(['warn: this worker lacks a platform', 'debug: turn', 'debug: turn']);
  await expect(answer(yesterday - 1)).rejects.toThrow(/no worker has the fake bot/);
  expect(log.events()).toHaveLength(4);
  expect(rig.platform.writes).toEqual([]);
});
