import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTelegramSender } from '../../../adapters/telegram/send.ts';
import { startTelegramEmulator, type TelegramEmulator } from '../../../emulators/telegram/emulator.ts';
import { MessageGone, RateLimited, TargetGone, Unreachable } from '../../../src/core/errors.ts';
import type { ReplyTarget } from '../../../src/core/message.ts';
import type { Sender } from '../../../src/core/ports/platform.ts';
import { createLogbook } from '../../support/logbook.ts';

let emulator: TelegramEmulator;
let sender: Sender;
const log = createLogbook();

beforeAll(async () => {
  emulator = await startTelegramEmulator({ rateLimits: false });
});
beforeEach(() => {
  sender = createTelegramSender(settings(), { log });
});
afterEach(() => {
  const unknown = emulator.calls.filter((call) => call.unknownMethod || call.unknownParams.length > 0);
  expect(unknown).toEqual([]);
});
afterAll(() => emulator.close());

const settings = () => ({ TELEGRAM_BOT_TOKEN: emulator.token, TELEGRAM_API_ROOT: emulator.url });
const at = (chat: { id: number }, more: Partial<ReplyTarget> = {}): ReplyTarget => ({
  platform: 'telegram',
  bot: String(emulator.bot.user.id),
  channel: String(chat.id),
  ...more,
});
const part = (text: string) => ({ text });
const shown = (chat: { id: number }, topic?: number) =>
  emulator.shown(chat.id, topic).map(({ text }) => text);
const lastCall = () => emulator.calls.at(-1);

/** What a call rejected with. Nothing in it may tell more than the reason. */
async function failure(call: Promise<unknown> | undefined): Promise<Error> {
  const error = await Promise.resolve(call).then(
    () => expect.fail('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw error;
  const everything = JSON.stringify([error.message, { ...error }, String(error.cause)]);
  expect(everything).not.toMatch(/AAEmulator|\d{6}|private words|127\.0\.0\.1/);
  return error;
}

describe('writing', () => {
  test('posts in private, without a reply and without link previews', async () => {
    const chat = emulator.privateChat();
    const ref = await sender.post(at(chat), part('Hello https://coze.com'));
    expect(shown(chat)).toEqual(['Hello https://coze.com']);
    expect(ref).toEqual({ target: at(chat), id: '1' });
    expect(lastCall()?.params).toEqual({
      chat_id: chat.id,
      text: 'Hello https://coze.com',
      link_preview_options: { is_disabled: true },
    });
  });

  test('replies in a group, even when the question has been deleted', async () => {
    const group = emulator.group();
    const { message_id } = group.say('hi');
    await sender.post(at(group, { replyTo: String(message_id) }), part('one'));
    group.remove(message_id);
    await sender.post(at(group, { replyTo: String(message_id) }), part('two'));
    expect(emulator.shown(group.id).map(({ replyTo }) => replyTo)).toEqual([message_id, undefined]);
  });

  test('writes into a topic, and shows typing there', async () => {
    const forum = emulator.forum();
    const topic = forum.topic('News');
    const target = at(forum, { thread: String(topic.id) });
    await sender.showTyping?.(target);
    await sender.post(target, part('in the topic'));
    expect(shown(forum, topic.id)).toEqual(['in the topic']);
    expect(emulator.typing(forum.id)).toMatchObject([{ action: 'typing', threadId: topic.id }]);
  });

  test('edits in place; the same text again is no error', async () => {
    const chat = emulator.privateChat();
    const ref = await sender.post(at(chat), part('Hel'));
    await sender.edit(ref, part('Hello'));
    await sender.edit(ref, part('Hello'));
    expect(shown(chat)).toEqual(['Hello']);
    expect(lastCall()?.reply).toMatchObject({
      ok: false,
      description: expect.stringContaining('not modified'),
    });
  });

  test('removes a message; one that is gone already is no error', async () => {
    const chat = emulator.privateChat();
    const ref = await sender.post(at(chat), part('too much'));
    await sender.remove?.(ref);
    await sender.remove?.(ref);
    expect(emulator.shown(chat.id)).toMatchObject([{ deleted: true }]);
  });

  test('an answer of 20,000 characters is whole on the screen', async () => {
    const chat = emulator.privateChat();
    const answer = Array.from(
      { length: 400 },
      (_, line) => `Line ${line}: 说明 **bold** <b> & _x_ ${'.'.repeat(20)}`,
    );
    for (const rendered of sender.render(answer.join('\n')).parts) await sender.post(at(chat), rendered);
    expect(shown(chat).join('\n')).toBe(answer.join('\n').replace(/[*_]/g, ''));
    const bold = emulator
      .shown(chat.id)
      .flatMap(({ entities = [] }) => entities.filter(({ type }) => type === 'bold'));
    expect(bold).toHaveLength(400);
  });
});

describe('when it fails', () => {
  test('a rate limit says how long to wait', async () => {
    const chat = emulator.privateChat();
    for (const call of [
      () => sender.post(at(chat), part('private words')),
      () => sender.edit({ target: at(chat), id: '1' }, part('private words')),
      () => sender.showTyping?.(at(chat)),
    ]) {
      emulator.fault({ kind: 'refuse', code: 429, retryAfter: 17 });
      const error = await failure(call());
      expect(error).toBeInstanceOf(RateLimited);
      expect(error).toHaveProperty('retryAfterMs', 17_000);
    }
  });

  test('a chat that cannot be written to is gone', async () => {
    const blocked = emulator.privateChat();
    blocked.block();
    const deleted = emulator.privateChat();
    deleted.deleteAccount();
    const left = emulator.group();
    left.removeBot();
    const kicked = emulator.group({ kind: 'supergroup' });
    kicked.kickBot();
    for (const chat of [blocked, deleted, left, kicked, { id: 4_242_424_242 }])
      expect(await failure(sender.post(at(chat), part('private words')))).toBeInstanceOf(TargetGone);
  });

  test.each([
    'Bad Request: not enough rights to send text messages to the chat',
    'Bad Request: have no rights to send a message',
    'Bad Request: CHAT_WRITE_FORBIDDEN',
    'Bad Request: group chat was deactivated',
    'Bad Request: PEER_ID_INVALID',
  ])('%s: the chat is gone', async (description) => {
    emulator.fault({ kind: 'refuse', code: 400, description });
    expect(await failure(sender.post(at(emulator.privateChat()), part('x')))).toBeInstanceOf(TargetGone);
  });

  test('a topic of a forum that is closed or gone is gone: its answers do not go elsewhere', async () => {
    const forum = emulator.forum();
    const [closed, removed] = [forum.topic('Closed'), forum.topic('Removed')];
    closed.close();
    removed.remove();
    for (const { id } of [closed, removed])
      expect(await failure(sender.post(at(forum, { thread: String(id) }), part('x')))).toBeInstanceOf(
        TargetGone,
      );
    expect(shown(forum)).toEqual([]);
  });

  test.each(['remove', 'close'] as const)(
    'a private chat is written to outside of a topic that one cannot write to (%s)',
    async (end) => {
      const bot = emulator.addBot({ topics: true });
      const chat = emulator.privateChat(emulator.person(), bot);
      const topic = chat.topic('Plans');
      topic[end]();
      sender = createTelegramSender({ ...settings(), TELEGRAM_BOT_TOKEN: bot.token }, { log });
      await sender.post(at(chat, { thread: String(topic.id) }), part('still here'));
      expect(emulator.shown(chat.id).filter(({ text }) => text === 'still here')).toMatchObject([
        { threadId: undefined },
      ]);
    },
  );

  test('a message that is gone, or is not ours, is gone', async () => {
    const chat = emulator.privateChat();
    const ref = await sender.post(at(chat), part('x'));
    chat.remove(Number(ref.id));
    expect(await failure(sender.edit(ref, part('private words')))).toBeInstanceOf(MessageGone);
    const { message_id } = chat.say('theirs');
    const theirs = { target: at(chat), id: String(message_id) };
    expect(await failure(sender.edit(theirs, part('private words')))).toBeInstanceOf(MessageGone);
  });

  test('a group that has become a supergroup is written to there; its old messages are gone', async () => {
    const group = emulator.group();
    const old = await sender.post(at(group), part('before'));
    const upgraded = group.upgradeToSupergroup();
    while (upgraded.say('hi').message_id <= Number(old.id));
    const ref = await sender.post(at(group, { replyTo: old.id, after: old.id }), part('after'));
    expect(ref.target).toEqual({ ...at(upgraded), formerly: String(group.id) });
    expect(emulator.shown(upgraded.id)).toMatchObject([{ text: 'after', replyTo: undefined }]);
    await sender.edit(ref, part('after all'));
    expect(shown(upgraded)).toEqual(['after all']);
    expect(await failure(sender.edit(old, part('x')))).toBeInstanceOf(MessageGone);
  });

  test('a server that fails may have carried it out', async () => {
    const chat = emulator.privateChat();
    sender = createTelegramSender(settings(), { log }, 1);
    const faults = [
      { kind: 'refuse', code: 500 },
      { kind: 'page', code: 502 },
      { kind: 'drop', landed: true },
      { kind: 'drop', landed: false },
      { kind: 'hang' },
    ] as const;
    for (const fault of faults) {
      emulator.fault({ ...fault });
      const error = await failure(sender.post(at(chat), part('private words')));
      expect(error).toBeInstanceOf(Unreachable);
      expect(error).toHaveProperty('landed', 'unknown');
    }
  });

  test('what never reached a server had no effect', async () => {
    sender = createTelegramSender({ ...settings(), TELEGRAM_API_ROOT: 'http://127.0.0.1:1' }, { log });
    const error = await failure(sender.post(at({ id: 510_000_009 }), part('private words')));
    expect(error).toBeInstanceOf(Unreachable);
    expect(error).toHaveProperty('landed', 'no');
  });

  test('a token that is not accepted is a matter for the owner, and no reader is given up for it', async () => {
    emulator.fault({ kind: 'refuse', code: 401 });
    const error = await failure(sender.post(at(emulator.privateChat()), part('x')));
    expect(error).not.toBeInstanceOf(TargetGone);
    expect(error.message).toMatch(/TELEGRAM_BOT_TOKEN.*@BotFather/);
  });

  test('a refusal that nobody foresaw is told, without the ids in it', async () => {
    emulator.fault({
      kind: 'refuse',
      code: 400,
      description: 'Bad Request: odd -1002100000001 7100000001:AAEmulator_x',
    });
    const error = await failure(sender.post(at(emulator.privateChat()), part('x')));
    expect(error.message).toBe('Telegram refused the call: 400 Bad Request: odd … …');
  });
});
