import { describe, expect, test } from 'vitest';
import type { TurnRecord } from '../../src/core/ports/store.ts';
import { created, text } from '../support/fake-coze.ts';
import { inbound } from '../support/fake-platform.ts';
import { createDelivery } from '../support/fake-store.ts';
import { createTurnRig, failure } from '../support/turn-rig.ts';

const chat = { conversationId: '7', chatId: 'c9' };
const shown = (rig: ReturnType<typeof createTurnRig>) => rig.platform.screen;

async function again(rig: ReturnType<typeof createTurnRig>, record: Partial<TurnRecord>) {
  const delivery = createDelivery(inbound('hi'), {
    attempt: 2,
    record: { generation: 0, posted: [], ...record },
  });
  return { report: await rig.turn(delivery), delivery };
}

/** A conversation that is known, and a message in it that an earlier attempt has posted. */
async function halfShown() {
  const rig = createTurnRig();
  await rig.conversations.save('key', 0, '7');
  const ref = await rig.platform.sender.post(inbound('hi').target, { text: 'The beginning' });
  return { rig, posted: [ref] };
}

describe('a turn whose worker died while Coze was asked', () => {
  test('looks for its question by the name of the turn, and fetches the answer if Coze has it', async () => {
    const rig = createTurnRig();
    await rig.conversations.save('key', 0, '7');
    rig.coze.nextFound(chat);
    rig.coze.nextRecovery({ text: 'It is four.' });
    const { delivery } = await again(rig, { asking: '7' });
    expect(rig.coze.searched).toEqual([{ conversationId: '7', turnId: 'turn of fake:b1:c1:hi' }]);
    expect(rig.coze.asked).toEqual([]);
    expect(shown(rig)).toEqual(['It is four.']);
    expect(delivery.notes[0]?.chat).toEqual(chat);
  });

  test('asks when Coze has no such question', async () => {
    const rig = createTurnRig();
    await rig.conversations.save('key', 0, '7');
    await again(rig, { asking: '7' });
    expect(rig.coze.asked).toHaveLength(1);
    expect(shown(rig)).toEqual(['You said hi.']);
  });

  test('does not look when it had not begun to ask', async () => {
    const rig = createTurnRig();
    await again(rig, {});
    expect(rig.coze.searched).toEqual([]);
    expect(rig.coze.asked).toHaveLength(1);
  });

  test('asks in a new conversation when that one is gone', async () => {
    const rig = createTurnRig();
    rig.coze.nextFound(failure('gone') as never);
    await again(rig, { asking: '7' });
    expect(rig.coze.asked.map(({ conversationId }) => conversationId)).toEqual(['1']);
  });

  test('is tried again when Coze cannot be asked for it', async () => {
    const rig = createTurnRig();
    rig.coze.nextFound(failure('busy', { retryable: true }) as never);
    await expect(again(rig, { asking: '7' })).rejects.toThrow(/busy/);
    expect(rig.coze.asked).toEqual([]);
  });

  test('is stopped at Coze when its conversation was reset since', async () => {
    const rig = createTurnRig();
    await rig.conversations.reset('key', 'r1');
    rig.coze.nextFound(chat);
    const { report } = await again(rig, { asking: '7' });
    expect(report.outcome).toBe('stopped');
    expect(rig.coze.cancelled).toEqual([chat]);
  });

  test('is asked in the new conversation when it was reset, and Coze has nothing of it', async () => {
    const rig = createTurnRig();
    await rig.conversations.reset('key', 'r1');
    const { report } = await again(rig, { asking: '7' });
    expect(report.outcome).toBe('answered');
  });
});

test('a question is noted before it is asked, with the conversation that it is asked in', async () => {
  const rig = createTurnRig();
  rig.coze.next(failure('busy', { retryable: true }));
  const delivery = createDelivery(inbound('hi'));
  await expect(rig.turn(delivery)).rejects.toThrow();
  expect(delivery.notes).toEqual([{ generation: 0, posted: [], asking: '1' }]);
});

describe('where Coze keeps no history', () => {
  test('what is shown stays, the reader is told, and nothing is asked twice', async () => {
    const { rig, posted } = await halfShown();
    rig.coze.nextRecovery(failure('gone'));
    const { report } = await again(rig, { asking: '7', chat, posted });
    expect(report.outcome).toBe('failed');
    expect(rig.coze.asked).toEqual([]);
    expect(shown(rig)).toEqual(['The beginning', expect.stringMatching(/broke off/)]);
  });

  test('it is asked again in the same conversation when nothing was shown', async () => {
    const rig = createTurnRig();
    await rig.conversations.save('key', 0, '7');
    rig.coze.nextRecovery(failure('gone'));
    await again(rig, { asking: '7', chat });
    expect(rig.coze.asked.map(({ conversationId }) => conversationId)).toEqual(['7']);
    expect(shown(rig)).toEqual(['You said hi.']);
  });

  test('a question that was asked anew is looked for anew', async () => {
    const rig = createTurnRig();
    await rig.conversations.save('key', 0, '7');
    rig.coze.nextRecovery(failure('gone'));
    rig.coze.next(failure('busy', { retryable: true }));
    const record = { generation: 0, posted: [], asking: '7', chat };
    const first = createDelivery(inbound('hi'), { record });
    await expect(rig.turn(first)).rejects.toThrow();
    rig.coze.nextFound({ conversationId: '7', chatId: 'c10' });
    rig.coze.nextRecovery({ text: 'It is four.' });
    await again(rig, first.notes.at(-1) ?? {});
    expect(rig.coze.asked).toHaveLength(1);
    expect(shown(rig)).toEqual(['It is four.']);
  });

  test('a stream that broke off before its first word is worth another attempt, a later one is not', async () => {
    const rig = createTurnRig();
    rig.coze.next(created('c1'), failure('cut'));
    rig.coze.nextRecovery(failure('gone'));
    await expect(rig.turn()).rejects.toMatchObject({ facts: { kind: 'cut', retryable: true } });
    rig.coze.next(created('c1'), text('Some words of an answer'), failure('cut'));
    rig.coze.nextRecovery(failure('gone'));
    expect((await rig.turn()).outcome).toBe('failed');
    expect(shown(rig)).toEqual([expect.stringMatching(/^Some words of an answer\n\n.*broke off/)]);
  });
});

test('an edited question is answered in the messages of the answer before', async () => {
  const { rig, posted } = await halfShown();
  await rig.turn(createDelivery(inbound('hi')), rig.platform.sender, {}, posted);
  expect(shown(rig)).toEqual(['You said hi.']);
});
