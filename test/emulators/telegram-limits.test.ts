import { HttpError } from 'grammy';
import { describe, expect, test } from 'vitest';
import { createRateLimiter, defaultRateLimits } from '../../emulators/telegram/rate-limit.ts';
import { frozenClock, refused, startBot } from './telegram-bot.ts';

async function limited(rateLimits: object = {}) {
  const clock = frozenClock();
  const { emulator, api } = await startBot({ now: clock.now, rateLimits });
  return { clock, emulator, api };
}

const tooMany = (seconds: number) => `429 Too Many Requests: retry after ${seconds}`;

async function times(count: number, call: () => Promise<unknown>) {
  const results: string[] = [];
  for (let index = 0; index < count; index++) results.push(await refused(call()));
  return results.filter((result) => result === 'accepted').length;
}

describe('rate limits', () => {
  test('a private chat passes a burst of 5, then one a second; sends, edits, typing and the rest share it', async () => {
    const { clock, emulator, api } = await limited();
    const { id } = emulator.privateChat();
    const { message_id } = await api.sendMessage(id, 'a');
    await api.editMessageText(id, message_id, 'b');
    await api.sendChatAction(id, 'typing');
    const button = { reply_markup: { inline_keyboard: [[{ text: 'Go', callback_data: 'x' }]] } };
    await api.editMessageReplyMarkup(id, message_id, button);
    await api.deleteMessage(id, message_id);
    clock.advance(1000);
    expect(await refused(api.sendMessage(id, 'd'))).toBe('accepted');
    expect(await refused(api.sendChatAction(id, 'typing'))).toBe(tooMany(30));
    const error = await api.sendMessage(id, 'e').catch((reason: unknown) => reason);
    expect(error).toMatchObject({ error_code: 429, parameters: { retry_after: 60 } });
  });

  test('a call before the deadline doubles the penalty and is noted', async () => {
    const { clock, emulator, api } = await limited();
    const { id } = emulator.privateChat();
    const send = () => refused(api.sendMessage(id, 'a'));
    expect(await times(5, () => api.sendMessage(id, 'a'))).toBe(5);
    expect(await send()).toBe(tooMany(30));
    expect(emulator.calls.at(-1)?.duringPenalty).toBe(false);
    clock.advance(29_000);
    expect(await send()).toBe(tooMany(60));
    expect(emulator.calls.at(-1)?.duringPenalty).toBe(true);
    clock.advance(60_000);
    expect(await send()).toBe('accepted');
  });

  test('a group passes 20 in any minute, all topics together, then nothing for 35 seconds', async () => {
    const { clock, emulator, api } = await limited();
    const forum = emulator.forum();
    const [a, b] = [forum.topic('a'), forum.topic('b')];
    const send = (message_thread_id: number) => api.sendMessage(forum.id, 'x', { message_thread_id });
    expect(await times(10, () => send(a.id))).toBe(10);
    clock.advance(59_000);
    expect(await times(10, () => send(b.id))).toBe(10);
    expect(await refused(send(a.id))).toBe(tooMany(35));
    clock.advance(35_000);
    expect(await refused(send(a.id))).toBe('accepted');
  });

  test('a token passes about 30 a second over all chats, and other tokens are not touched', async () => {
    const { emulator, api, clock } = await limited();
    const people = Array.from({ length: 31 }, () => emulator.privateChat());
    for (const { id } of people.slice(0, 30)) await api.sendMessage(id, 'x');
    const last = people.at(-1)?.id ?? 0;
    expect(await refused(api.sendMessage(last, 'x'))).toBe(tooMany(5));
    const other = emulator.addBot();
    const chat = emulator.privateChat(undefined, other);
    const body = new URLSearchParams({ chat_id: String(chat.id), text: 'x' });
    const answer = await fetch(`${emulator.url}/bot${other.token}/sendMessage`, { method: 'POST', body });
    expect(answer.status).toBe(200);
    clock.advance(5000);
    expect(await refused(api.sendMessage(last, 'x'))).toBe('accepted');
  });

  test('what the server refuses on its own, and answers to buttons, cost nothing', async () => {
    const { emulator, api } = await limited();
    const { id } = emulator.privateChat();
    for (let index = 0; index < 9; index++) {
      expect(await refused(api.sendMessage(id, ' '))).toMatch('text is empty');
      expect(await refused(api.answerCallbackQuery('1'))).toMatch('query is too old');
    }
    expect(await times(6, () => api.sendMessage(id, 'x'))).toBe(5);
  });

  test('drafts have a budget of their own, 5 at once and 4 a second', async () => {
    const { clock, emulator, api } = await limited();
    const { id } = emulator.privateChat();
    const draft = () => api.sendMessageDraft(id, 1, 'x');
    expect(await times(5, draft)).toBe(5);
    expect(await times(5, () => api.sendMessage(id, 'x'))).toBe(5);
    clock.advance(250);
    expect(await times(1, draft)).toBe(1);
    expect(await refused(draft())).toBe(tooMany(30));
  });

  test('a penalty, of messages or of drafts, is one for the whole chat', async () => {
    const { clock, emulator, api } = await limited();
    const { id } = emulator.privateChat();
    const draft = () => refused(api.sendRichMessageDraft(id, 1, { markdown: 'x' }));
    const send = () => refused(api.sendMessage(id, 'x'));
    expect(await times(5, () => api.sendMessageDraft(id, 1, 'x'))).toBe(5);
    expect([await draft(), await send(), await draft()]).toEqual([tooMany(30), tooMany(60), tooMany(120)]);
    expect(emulator.calls.at(-1)?.duringPenalty).toBe(true);
    clock.advance(120_000);
    expect([await send(), await draft()]).toEqual(['accepted', 'accepted']);
  });

  test('the model runs without a server, on any clock', () => {
    let at = 0;
    const limiter = createRateLimiter(defaultRateLimits, () => at);
    const take = () => limiter.take(1, -2, 'group');
    expect(Array.from({ length: 20 }, take).filter(Boolean)).toEqual([]);
    expect(take()).toEqual({ retryAfterSeconds: 35, duringPenalty: false });
    at = 34_999;
    expect(take()).toEqual({ retryAfterSeconds: 70, duringPenalty: true });
    at += 70_000;
    expect(take()).toBeUndefined();
    expect(createRateLimiter(false, () => at).take(1, 2, 'drafts')).toBeUndefined();
  });

  test('looking up members and answering buttons are free', async () => {
    const { emulator, api } = await limited();
    const group = emulator.group();
    for (let index = 0; index < 25; index++) {
      expect(await refused(api.getChatMember(group.id, group.person.id))).toBe('accepted');
      expect(await refused(api.getChatAdministrators(group.id))).toBe('accepted');
    }
    expect(await times(21, () => api.sendMessage(group.id, 'x'))).toBe(20);
  });

  test('the figures can be chosen, or the limits switched off', async () => {
    const strict = { model: 'window', calls: 1, seconds: 10, penaltySeconds: 2 } as const;
    const { emulator, api } = await limited({ private: strict });
    const { id } = emulator.privateChat();
    expect(await refused(api.sendMessage(id, 'x'))).toBe('accepted');
    expect(await refused(api.sendMessage(id, 'x'))).toBe(tooMany(2));
    const free = await startBot({ rateLimits: false });
    const chat = free.emulator.privateChat();
    expect(await times(50, () => free.api.sendMessage(chat.id, 'x'))).toBe(50);
  });
});

describe('faults', () => {
  test('an error of any kind, so many times, for one method', async () => {
    const { emulator, api } = await startBot();
    const { id } = emulator.privateChat();
    emulator.fault({ kind: 'refuse', code: 429, retryAfter: 7, method: 'sendMessage' }, 2);
    emulator.fault({ kind: 'refuse', code: 401, method: 'getMe' });
    expect(await refused(api.sendChatAction(id, 'typing'))).toBe('accepted');
    const send = () => refused(api.sendMessage(id, 'x'));
    expect([await send(), await send(), await send()]).toEqual([tooMany(7), tooMany(7), 'accepted']);
    expect(await refused(api.getMe())).toBe('401 Unauthorized');
    expect(emulator.calls.map(({ fault }) => fault)).toEqual([
      undefined,
      'refuse',
      'refuse',
      undefined,
      'refuse',
    ]);
  });

  test('in one chat only', async () => {
    const { emulator, api } = await startBot();
    const [a, b] = [emulator.privateChat(), emulator.privateChat()];
    emulator.fault({ kind: 'refuse', code: 500, chat: b.id });
    expect(await refused(api.sendMessage(a.id, 'x'))).toBe('accepted');
    expect(await refused(api.sendMessage(b.id, 'x'))).toBe('500 Internal Server Error');
  });

  test('a page instead of JSON, and a lost connection before or after the message landed', async () => {
    const { emulator, api } = await startBot();
    const { id } = emulator.privateChat();
    const lost = () => api.sendMessage(id, 'x').catch((error: unknown) => error);
    emulator.fault({ kind: 'page', code: 502 });
    expect(await lost()).toBeInstanceOf(HttpError);
    emulator.fault({ kind: 'drop', landed: false });
    expect(await lost()).toBeInstanceOf(HttpError);
    expect(emulator.shown(id)).toHaveLength(0);
    emulator.fault({ kind: 'drop', landed: true });
    expect(await lost()).toBeInstanceOf(HttpError);
    expect(emulator.shown(id)).toHaveLength(1);
  });

  test('an answer that never comes, or comes late', async () => {
    const { emulator, api } = await startBot();
    const { id } = emulator.privateChat();
    emulator.fault({ kind: 'hang' });
    const impatient = new AbortController();
    const call = `${emulator.url}/bot${emulator.token}/sendMessage?chat_id=${id}&text=x`;
    const hanging = fetch(call, { signal: impatient.signal }).catch(() => 'gave up');
    await emulator.until(() => emulator.calls.length === 1);
    impatient.abort();
    expect(await hanging).toBe('gave up');
    expect(emulator.shown(id)).toHaveLength(0);
    emulator.fault({ kind: 'delay', ms: 20 });
    expect(await refused(api.sendMessage(id, 'late'))).toBe('accepted');
  });
});
