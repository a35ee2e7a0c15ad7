import { describe, expect, test } from 'vitest';
import type { Pace } from '../../src/core/ports/platform.ts';
import { created, text } from '../support/fake-coze.ts';
import { inbound, target } from '../support/fake-platform.ts';
import { createDelivery } from '../support/fake-store.ts';
import { createTurnRig, failure } from '../support/turn-rig.ts';

/** Slow enough for a preview to be still due when the next attempt has ended. */
const slow: Pace = {
  refillPerSecond: 0.1,
  burst: 3,
  reserve: 1,
  minIntervalMs: 1_000,
  maxIntervalMs: 1_000,
  growth: 1,
  typingEveryMs: 60_000,
};

const beginning = 'The first sentence of it.';
const whole = `${beginning} And the end.`;
const away = () => failure('busy', { retryable: true });

/** An attempt that has shown the beginning, and then can neither go on nor recover. */
async function brokenOff(rig: ReturnType<typeof createTurnRig>, sender = rig.platform.sender) {
  rig.coze.next(created('c1'), text(beginning), text(`${beginning} A second one`), failure('cut'));
  rig.coze.nextRecovery(away());
  const delivery = createDelivery(inbound('hi'));
  const ended = rig.turn(delivery, sender).catch(() => undefined);
  return { delivery, ended };
}

const next = (record: ReturnType<typeof createDelivery>['record']) =>
  createDelivery(inbound('hi'), { attempt: 2, record });

describe('an attempt that failed', () => {
  test('never paints over the next one, though a preview of it was still due', async () => {
    const rig = createTurnRig({ pace: slow });
    const { delivery, ended } = await brokenOff(rig);
    await ended;
    rig.coze.nextRecovery({ text: whole });
    await rig.turn(next(delivery.notes.at(-1)));
    await rig.clock.advance(600_000);
    expect(rig.platform.screen).toEqual([whole]);
  });

  test('does not end while a post of it is on its way', async () => {
    const rig = createTurnRig();
    const { post } = rig.platform.sender;
    let land = () => {};
    const landing = new Promise<void>((resolve) => {
      land = resolve;
    });
    const sender = {
      ...rig.platform.sender,
      post: (...to: Parameters<typeof post>) => landing.then(() => post(...to)),
    };
    const { delivery, ended } = await brokenOff(rig, sender);
    let over = false;
    void ended.then(() => {
      over = true;
    });
    await rig.clock.advance(5_000);
    expect(over).toBe(false);
    land();
    await ended;
    rig.coze.nextRecovery({ text: whole });
    await rig.turn(next(delivery.notes.at(-1)));
    expect(rig.platform.screen).toEqual([whole]);
  });

  test('ends its typing', async () => {
    const rig = createTurnRig();
    rig.coze.next(away());
    await rig.turn().catch(() => undefined);
    const typed = rig.platform.typed.length;
    await rig.clock.advance(60_000);
    expect(rig.platform.typed).toHaveLength(typed);
  });
});

test('what was posted is noted, however long the store fails', async () => {
  const rig = createTurnRig();
  const delivery = createDelivery(inbound('hi'));
  let failures = 3;
  const note: typeof delivery.note = async (record) => {
    failures -= 1;
    if (failures >= 0) throw new Error('the disk is full');
    await delivery.note(record);
  };
  await rig.turn({ ...delivery, note });
  expect(rig.platform.screen).toEqual(['You said hi.']);
  expect(delivery.notes.at(-1)?.posted).toHaveLength(1);
});

describe('what was shown stays', () => {
  test('when the next attempt cannot fetch the rest', async () => {
    const rig = createTurnRig();
    const { delivery, ended } = await brokenOff(rig);
    await ended;
    rig.coze.nextRecovery(failure('cut'));
    await rig.turn(next(delivery.notes.at(-1)));
    expect(rig.platform.screen).toEqual([
      expect.stringContaining(beginning),
      expect.stringMatching(/broke off/),
    ]);
  });

  test('when a reset came while no process ran', async () => {
    const rig = createTurnRig();
    await rig.platform.sender.post(target, { text: beginning });
    await rig.conversations.reset('key', 'r1');
    const chat = { conversationId: '1', chatId: 'old' };
    await rig.turn(next({ generation: 0, chat, posted: [{ target, id: '1' }] }));
    expect(rig.platform.screen).toEqual([beginning, expect.stringMatching(/Stopped/)]);
  });

  test('when Coze has less of it than was seen', async () => {
    const rig = createTurnRig();
    rig.coze.next(created('c1'), text(beginning), failure('cut'));
    rig.coze.nextRecovery({ text: '' });
    await rig.turn();
    expect(rig.platform.screen).toEqual([
      expect.stringMatching(/^The first sentence of it\.\n\n⚠️ The answer broke off/),
    ]);
  });
});

test('an answer that was fetched for a conversation reset meanwhile is not shown', async () => {
  const rig = createTurnRig();
  const { recover } = rig.coze;
  rig.coze.recover = async (chat, signal) => {
    await rig.conversations.reset('key', 'unheard');
    return recover(chat, signal);
  };
  rig.coze.nextRecovery({ text: whole });
  const chat = { conversationId: '1', chatId: 'old' };
  const report = await rig.turn(next({ generation: 0, chat, posted: [] }));
  expect(report.outcome).toBe('stopped');
  expect(rig.platform.screen.join()).not.toContain(whole);
});

test('typing ends with the first text', async () => {
  const rig = createTurnRig();
  rig.coze.next(created('c1'), text('Hm'), 'hang');
  const delivery = createDelivery(inbound('hi'));
  const ended = rig.turn(delivery).catch(() => undefined);
  await rig.clock.advance(60_000);
  expect(rig.platform.typed.length).toBeLessThanOrEqual(1);
  delivery.lose();
  await ended;
});

test('the conversation that replaces one that is gone is kept', async () => {
  const rig = createTurnRig();
  await rig.turn();
  rig.coze.next(failure('gone'));
  await rig.turn(createDelivery(inbound('again')));
  await rig.turn(createDelivery(inbound('and again')));
  expect(rig.coze.asked.map(({ conversationId }) => conversationId)).toEqual(['1', '1', '2', '2']);
});
