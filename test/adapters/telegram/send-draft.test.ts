import { describe, expect, test } from 'vitest';
import { DraftsUnavailable, RateLimited, Unreachable } from '../../../src/core/errors.ts';
import { failure, startSending } from './sending.ts';

const withDrafts = (options: Parameters<typeof startSending>[1] = {}) =>
  startSending({ TELEGRAM_STREAM: 'draft' }, options);
const bold = { type: 'bold', offset: 0, length: 3 };
const part = { text: 'Hello', format: { entities: [bold], rich: '**Hello**' } };
const buttons = [{ label: 'Stop', data: 'stop/t_1/u_1' }];

describe('drafts', () => {
  test('are shown in private only, and only where they are asked for', async () => {
    const { emulator, sender, at } = await withDrafts();
    expect(sender.pace(at(emulator.privateChat())).draft).toMatchObject({
      refillPerSecond: 3,
      keepEveryMs: 20_000,
    });
    expect(sender.pace(at(emulator.group())).draft).toBeUndefined();
    const without = await startSending();
    expect(without.sender.showDraft).toBeUndefined();
    expect(without.sender.pace(at(emulator.privateChat())).draft).toBeUndefined();
  });

  test('grow in place with their entities, and go when the message comes', async () => {
    const { emulator, sender, at } = await withDrafts();
    const chat = emulator.privateChat();
    for (const text of ['Hel', 'Hello', 'Hello all'])
      await sender.showDraft?.(at(chat), { ...part, text }, 'turn 1');
    const [draft, ...more] = emulator.drafts(chat.id);
    expect(more).toEqual([]);
    expect(draft).toMatchObject({ text: 'Hello all', entities: [bold], visible: true, canStop: false });
    expect(draft?.history.map(({ text }) => text)).toEqual(['Hel', 'Hello', 'Hello all']);
    await sender.post(at(chat), part);
    expect(emulator.drafts(chat.id)).toMatchObject([{ visible: false }]);
  });

  test('of another answer are other drafts, the same in every process', async () => {
    const { emulator, sender, at } = await withDrafts();
    const chat = emulator.privateChat();
    for (const key of ['turn 1', 'turn 2', 'turn 1']) await sender.showDraft?.(at(chat), part, key);
    const ids = emulator.calls.map(({ params }) => Number(params.draft_id));
    expect(ids[0]).toBe(ids[2]);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id > 0 && id < 2 ** 31).toBe(true);
  });

  test('can be stopped when they have a button', async () => {
    const { emulator, sender, at } = await withDrafts();
    const chat = emulator.privateChat();
    await sender.showDraft?.(at(chat), { ...part, buttons }, 'turn 1');
    expect(emulator.drafts(chat.id)).toMatchObject([{ canStop: true }]);
  });

  test('are shown in the topic, or outside of it when it has gone', async () => {
    const { emulator, sender, at } = await withDrafts({ topics: true });
    const chat = emulator.privateChat();
    const topic = chat.topic('Plans');
    const target = at(chat, { thread: String(topic.id) });
    await sender.showDraft?.(target, part, 'turn 1');
    topic.remove();
    await sender.showDraft?.(target, part, 'turn 2');
    expect(emulator.drafts(chat.id).map(({ threadId }) => threadId)).toEqual([topic.id, undefined]);
  });
});

describe('a draft that fails', () => {
  test('by a rate limit says how long to wait; what may pass is not held against drafts', async () => {
    const { emulator, sender, at } = await withDrafts();
    const chat = emulator.privateChat();
    emulator.fault({ kind: 'refuse', code: 429, retryAfter: 280 });
    const error = await failure(sender.showDraft?.(at(chat), part, 'turn 1'));
    expect(error).toBeInstanceOf(RateLimited);
    expect(error).toHaveProperty('retryAfterMs', 280_000);
    emulator.fault({ kind: 'page', code: 502 });
    expect(await failure(sender.showDraft?.(at(chat), part, 'turn 1'))).toBeInstanceOf(Unreachable);
    await sender.showDraft?.(at(chat), part, 'turn 1');
  });

  test('on a server without drafts is told of once, and no other is tried', async () => {
    const { emulator, sender, at, log, methods } = await withDrafts();
    const chat = emulator.privateChat();
    emulator.fault({ kind: 'refuse', code: 404, description: 'Not Found: method not found' });
    for (const key of ['turn 1', 'turn 2'])
      expect(await failure(sender.showDraft?.(at(chat), part, key))).toBeInstanceOf(DraftsUnavailable);
    expect(methods()).toEqual(['sendMessageDraft']);
    expect(sender.pace(at(chat)).draft).toBeUndefined();
    expect(log.events()).toEqual([
      'warn: this Bot API server does not know drafts: answers grow in messages instead',
    ]);
  });

  test('because it is refused there may be shown elsewhere', async () => {
    const { emulator, sender, at, log } = await withDrafts();
    const [chat, other] = [emulator.privateChat(), emulator.privateChat()];
    emulator.fault({ kind: 'refuse', code: 400, description: 'Bad Request: TEXTDRAFT_PEER_INVALID' });
    expect(await failure(sender.showDraft?.(at(chat), part, 'turn 1'))).toBeInstanceOf(DraftsUnavailable);
    chat.block();
    expect(await failure(sender.showDraft?.(at(chat), part, 'turn 1'))).toBeInstanceOf(DraftsUnavailable);
    await sender.showDraft?.(at(other), part, 'turn 2');
    expect(emulator.drafts(other.id)).toMatchObject([{ visible: true }]);
    expect(log.events()).toEqual([]);
  });
});
