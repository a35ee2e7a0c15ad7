import type { BotCommand, LanguageCode, ReactionTypeEmoji } from 'grammy/types';
import { describe, expect, test } from 'vitest';
import { frozenClock, refused, startBot } from './telegram-bot.ts';

describe('the server', () => {
  test('knows methods in any case, from JSON, forms, multipart and the address', async () => {
    const { emulator } = await startBot();
    const { id } = emulator.privateChat();
    const url = `${emulator.url}/bot${emulator.token}/SENDMESSAGE`;
    const form = new FormData();
    form.set('chat_id', String(id));
    form.set('text', 'multipart ö');
    form.set('extra', new Blob(['bytes']), 'a.txt');
    const fields = { chat_id: String(id), text: 'form' };
    await fetch(url, { method: 'POST', body: form });
    await fetch(url, { method: 'POST', body: new URLSearchParams(fields) });
    await fetch(`${url}?${new URLSearchParams({ ...fields, text: 'address' })}`);
    const headers = { 'content-type': 'application/json' };
    await fetch(url, { method: 'POST', headers, body: JSON.stringify({ ...fields, text: 'json' }) });
    expect(emulator.shown(id).map(({ text }) => text)).toEqual(['multipart ö', 'form', 'address', 'json']);
    expect(emulator.calls[0]).toMatchObject({ method: 'sendMessage', unknownParams: ['extra'] });
    const broken = await fetch(url, { method: 'POST', headers, body: '[1' });
    expect(await broken.json()).toMatchObject({ ok: false, error_code: 400 });
  });

  test('refuses unknown methods and tokens, and notes what the platform does not have', async () => {
    const { emulator, api } = await startBot();
    const call = (path: string) => fetch(`${emulator.url}${path}`).then((response) => response.json());
    expect(await call(`/bot${emulator.token}/sendFax`)).toEqual({
      ok: false,
      error_code: 404,
      description: 'Not Found',
    });
    expect(emulator.calls).toMatchObject([{ method: 'sendFax', unknownMethod: true }]);
    expect(await call('/bot1:nobody/getMe')).toEqual({
      ok: false,
      error_code: 401,
      description: 'Unauthorized',
    });
    const { id } = emulator.privateChat();
    const odd = { disable_web_page_preview: true, link_preview_options: { disabled: true } } as object;
    await api.sendMessage(id, 'hi', odd);
    expect(emulator.calls.at(-1)).toMatchObject({
      unknownParams: ['disable_web_page_preview', 'link_preview_options.disabled'],
      params: { text: 'hi' },
      reply: { ok: true },
    });
    await api.sendMessage(id, 'hi', {
      link_preview_options: { is_disabled: true },
      disable_notification: true,
    });
    expect(emulator.calls.at(-1)?.unknownParams).toEqual([]);
  });
});

describe('buttons', () => {
  test('carry 1 to 64 bytes, a text and an action', async () => {
    const { emulator, api } = await startBot();
    const { id } = emulator.privateChat();
    const send = (button: object) =>
      refused(api.sendMessage(id, 'hi', { reply_markup: { inline_keyboard: [[button as never]] } }));
    expect(await send({ text: 'Go', callback_data: 'é'.repeat(32) })).toBe('accepted');
    const invalid = '400 Bad Request: BUTTON_DATA_INVALID';
    expect(await send({ text: 'Go', callback_data: `${'é'.repeat(32)}x` })).toBe(invalid);
    expect(await send({ text: 'Go', callback_data: '' })).toBe(invalid);
    expect(await send({ text: 'Go' })).toMatch(/Text buttons are unallowed in the inline keyboard$/);
    expect(await send({ callback_data: 'x' })).toMatch(/Can't find field "text"$/);
    expect(await send({ text: 'Go', url: 'https://a.test' })).toBe('accepted');
    expect(await send({ text: 'Go', url: 'not a url' })).toMatch(/is invalid: Wrong HTTP URL$/);
    const many = Array.from({ length: 101 }, () => [{ text: 'Go', callback_data: 'x' }]);
    expect(await refused(api.sendMessage(id, 'hi', { reply_markup: { inline_keyboard: many } }))).toBe(
      '400 Bad Request: reply markup is too long',
    );
  });

  test('when pressed, ask for an answer within 150 seconds', async () => {
    const clock = frozenClock();
    const { emulator, api } = await startBot({ now: clock.now });
    const chat = emulator.privateChat();
    const reply_markup = { inline_keyboard: [[{ text: 'Stop', callback_data: 'stop:1' }]] };
    const { message_id } = await api.sendMessage(chat.id, 'hi', { reply_markup });
    expect(() => chat.press(message_id, 'other')).toThrow('no button');
    const press = chat.press(message_id, 'stop:1');
    const [update] = await api.getUpdates();
    expect(update?.callback_query).toMatchObject({
      id: press.id,
      data: 'stop:1',
      message: { message_id },
      from: { id: chat.person.id },
    });
    const answer = (text: string) => refused(api.answerCallbackQuery(press.id, { text }));
    expect(await answer('x'.repeat(201))).toBe('400 Bad Request: MESSAGE_TOO_LONG');
    expect(press.answer()).toBeUndefined();
    expect(await answer('stopped')).toBe('accepted');
    expect(press.answer()).toEqual({ text: 'stopped', alert: false });
    clock.advance(151_000);
    const tooOld = '400 Bad Request: query is too old and response timeout expired or query ID is invalid';
    expect(await answer('late')).toBe(tooOld);
    expect(await refused(api.answerCallbackQuery('1'))).toBe(tooOld);
  });
});

describe('the command menu', () => {
  test('has at most 100 plain names with a description, per scope and language', async () => {
    const { emulator, api } = await startBot();
    const { id } = emulator.privateChat();
    const one: BotCommand[] = [{ command: 'reset', description: 'start over' }];
    const set = (commands: BotCommand[], other: object = {}) => refused(api.setMyCommands(commands, other));
    const named = (command: string, description = 'x') => set([{ command, description }]);
    const hundred = Array.from({ length: 100 }, (_, index) => ({ command: `c${index}`, description: 'x' }));
    expect(await set(hundred)).toBe('accepted');
    expect(await set([...hundred, ...one])).toBe('400 Bad Request: BOT_COMMANDS_TOO_MUCH');
    expect(await named('a'.repeat(32))).toBe('accepted');
    for (const name of ['', 'Reset', 're-set', 'a'.repeat(33)]) {
      expect(await named(name)).toBe('400 Bad Request: BOT_COMMAND_INVALID');
    }
    expect(await named('a', 'd'.repeat(256))).toBe('accepted');
    for (const description of ['', 'd'.repeat(257)]) {
      expect(await named('a', description)).toBe('400 Bad Request: BOT_COMMAND_DESCRIPTION_INVALID');
    }
    expect(await set(one, { language_code: 'zh' })).toBe('accepted');
    expect(await set([], { language_code: 'zh-hans' as LanguageCode })).toBe(
      '400 Bad Request: invalid language code specified',
    );
    expect(await set([], { scope: { type: 'chat', chat_id: id } })).toBe('accepted');
    expect(await set([], { scope: { type: 'chat', chat_id: 9 } })).toBe('400 Bad Request: chat not found');
    expect(await set([], { scope: { type: 'everybody' } })).toMatch(/Unsupported type specified$/);
    expect(await api.getMyCommands({ language_code: 'zh' })).toEqual(one);
    await api.deleteMyCommands({ language_code: 'zh' });
    expect(await api.getMyCommands({ language_code: 'zh' })).toEqual([]);
  });
});

describe('typing and reactions', () => {
  test('typing is shown when it is a known action', async () => {
    const clock = frozenClock();
    const { emulator, api } = await startBot({ now: clock.now });
    const { id } = emulator.privateChat();
    await api.sendChatAction(id, 'typing');
    expect(await refused(api.sendChatAction(id, 'thinking' as 'typing'))).toBe(
      '400 Bad Request: wrong parameter action in request',
    );
    expect(emulator.typing(id)).toEqual([{ at: clock.now(), action: 'typing', threadId: undefined }]);
  });

  test('a message takes one reaction of the known ones', async () => {
    const { emulator, api } = await startBot();
    const chat = emulator.privateChat();
    const { message_id } = chat.say('hi');
    const react = (id: number, ...emoji: string[]) =>
      refused(
        api.setMessageReaction(
          chat.id,
          id,
          emoji.map((one) => ({ type: 'emoji', emoji: one }) as ReactionTypeEmoji),
        ),
      );
    expect(await react(message_id, '👀')).toBe('accepted');
    expect(await react(message_id, '👀', '👍')).toBe('400 Bad Request: REACTIONS_TOO_MANY');
    expect(await react(message_id, '🚀')).toBe('400 Bad Request: REACTION_INVALID');
    expect(await react(404, '👀')).toBe('400 Bad Request: message to react not found');
  });
});

test('chats and members can be looked up', async () => {
  const { emulator, api } = await startBot();
  const group = emulator.group({ title: 'Readers' });
  const stranger = emulator.person();
  expect(await api.getChat(group.id)).toMatchObject({
    title: 'Readers',
    type: 'group',
    max_reaction_count: 11,
  });
  expect(await refused(api.getChat(5))).toBe('400 Bad Request: chat not found');
  expect(await api.getChatMember(group.id, group.person.id)).toMatchObject({ status: 'creator' });
  expect(await api.getChatMember(group.id, stranger.id)).toMatchObject({ status: 'left' });
  expect(await refused(api.getChatMember(group.id, 5))).toBe('400 Bad Request: user not found');
});
