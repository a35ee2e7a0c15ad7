import { describe, expect, test } from 'vitest';
import { commandToInbound, type Place, toInbound } from '../../../adapters/discord/inbound.ts';
import { commandOf, messageOf } from '../../../adapters/discord/payload.ts';
import {
  ada,
  bob,
  channel,
  command,
  direct,
  interactionToken,
  madeAt,
  me,
  mentioned,
  messageId,
  ourselves,
  replyTo,
  said,
  serviceTypes,
  thread,
} from './fixtures.ts';

const anywhere: Place = { me, isThread: false, isOurs: false };

function read(payload: object, place: Partial<Place> = {}) {
  const message = messageOf(payload);
  return message && toInbound(message, { ...anywhere, ...place });
}

const addressed = (payload: object, place: Partial<Place> = {}) => read(payload, place)?.addressed;
const text = (content: string, mentions: object[] = [ourselves]) => read(said({ content, mentions }))?.text;

describe('what a message becomes', () => {
  test('in private', () => {
    expect(read(direct())).toEqual({
      id: `discord:${me}:500000000000000009:${messageId}`,
      author: { id: ada.id, name: 'Ada Lovelace' },
      text: 'hello',
      attachments: [],
      addressed: 'direct',
      target: { platform: 'discord', bot: me, channel: '500000000000000009' },
      sentAt: madeAt,
    });
  });

  test('in a channel of a server it is replied to', () => {
    expect(read(said({ content: `<@${me}> hello`, mentions: [ourselves] }))).toMatchObject({
      id: `discord:${me}:${channel}:${messageId}`,
      text: 'hello',
      addressed: 'mention',
      target: { channel, replyTo: messageId },
    });
  });

  test("in a thread, everybody shares what is the thread's own channel", () => {
    const target = read(said({ channel_id: thread, channel_type: 11 }), { isThread: true })?.target;
    expect(target).toMatchObject({ channel: thread, thread });
    expect(read(said())?.target).not.toHaveProperty('thread');
  });

  test('a person has the name that the server knows, else the one they chose, else the one they have', () => {
    const names = [
      said({ member: { nick: 'The Countess' } }),
      said(),
      said({ author: bob, member: undefined }),
      said({ author: { id: bob.id } }),
    ].map((payload) => read(payload)?.author.name);
    expect(names).toEqual(['The Countess', 'Ada Lovelace', 'bob', '']);
  });

  test('the language is that of the server, where it has chosen one', () => {
    expect(read(said(), { locale: 'zh-CN' })?.author).toHaveProperty('locale', 'zh-CN');
    expect(read(said())?.author).not.toHaveProperty('locale');
  });
});

describe('who is meant', () => {
  test('the bot, by its name or by a reply, with or without its name', () => {
    expect(addressed(said({ content: `hi <@${me}>`, mentions: [ourselves] }))).toBe('mention');
    expect(addressed(said({ ...replyTo(ourselves), mentions: [ourselves] }))).toBe('mention');
    expect(addressed(said(replyTo(ourselves)))).toBe('mention');
    expect(addressed(said({ content: `hi <@!${me}>`, mentions: undefined }))).toBe('mention');
  });

  test('somebody else, or nobody', () => {
    for (const payload of [
      said(),
      said({ content: '@everyone hi', mention_everyone: true }),
      said({ content: '<@&800000000000000001> hi', mention_roles: ['800000000000000001'] }),
      said({ content: `<@${bob.id}> hi`, mentions: [bob] }),
      said({ ...replyTo(bob), mentions: [bob] }),
      said({ content: `\`<@${me}>\` is how it is written` }),
    ])
      expect(addressed(payload)).toBe('overheard');
  });

  test('in a thread where the bot talks, the bot, unless somebody else is named', () => {
    const ours = { isThread: true, isOurs: true };
    expect(addressed(said(), ours)).toBe('mention');
    for (const payload of [
      said({ content: `<@${bob.id}> hi`, mentions: [bob] }),
      said(replyTo(bob)),
      said({ mention_everyone: true }),
      said({ mention_roles: ['800000000000000001'] }),
    ])
      expect(addressed(payload, ours)).toBe('overheard');
    expect(addressed(said({ mentions: [bob, ourselves] }), ours)).toBe('mention');
  });

  test('no bot is listened to, nor a webhook, nor the system, nor itself', () => {
    for (const payload of [
      direct({ author: { ...bob, bot: true } }),
      direct({ author: ourselves }),
      direct({ author: { ...ourselves, bot: undefined } }),
      direct({ author: { ...bob, system: true } }),
      said({ webhook_id: '900000000000000001', author: { id: '900000000000000001', username: 'CI' } }),
    ])
      expect(read(payload)).toBeUndefined();
  });

  test.each(serviceTypes)('a message of type %i is nobody’s', (type) => {
    expect(read(direct({ type }))).toBeUndefined();
  });
});

describe('the text', () => {
  test('is without the name of the bot, wherever it stands', () => {
    const name = `<@${me}>`;
    expect(text(`${name} hello`)).toBe('hello');
    expect(text(`${name}, hello`)).toBe('hello');
    expect(text(`<@!${me}>：你好`)).toBe('你好');
    expect(text(`hello ${name}`)).toBe('hello');
    expect(text(`hello ${name} there`)).toBe('hello there');
    expect(text(`what is this, ${name}?`)).toBe('what is this,?');
    expect(text(`${name} hello ${name}, again ${name}`)).toBe('hello, again');
    expect(text(`line\n${name}\nnext`)).toBe('line\n\nnext');
    expect(text(name)).toBe('');
  });

  test('names people as they are called there, and leaves whom it does not know', () => {
    const content = `<@${me}> is <@${ada.id}> or <@!${bob.id}> or <@300000000000000003> there?`;
    expect(text(content, [ourselves, mentioned(ada, 'The $& Countess'), bob])).toBe(
      'is @The $& Countess or @bob or <@300000000000000003> there?',
    );
  });

  test('has the names of emojis', () => {
    expect(text('<:party_cat:800000000000000001> and <a:wave:800000000000000002>')).toBe(
      ':party_cat: and :wave:',
    );
  });
});

describe('what is attached', () => {
  const kinds = (more: object) => read(direct({ content: '', ...more }))?.attachments.map(({ kind }) => kind);

  test('is told by what it says it is', () => {
    const attachments = ['image/png', 'audio/ogg', 'video/mp4', 'application/pdf', undefined, null].map(
      (content_type) => ({ id: '1', filename: 'x', content_type }),
    );
    expect(kinds({ attachments })).toEqual(['image', 'audio', 'video', 'file', 'file', 'file']);
  });

  test('may be a sticker, a poll or another message', () => {
    expect(kinds({ sticker_items: [{ id: '1', name: 'x', format_type: 1 }] })).toEqual(['sticker']);
    expect(kinds({ poll: { question: { text: 'which?' } } })).toEqual(['other']);
    expect(kinds({ message_snapshots: [{ message: { content: 'forwarded' } }] })).toEqual(['other']);
  });
});

describe('a slash command', () => {
  const given = (more: object = {}, place: Partial<Place> = {}) => {
    const read = commandOf(command(more));
    return read && commandToInbound(read, { ...anywhere, ...place });
  };

  test('becomes the message that it stands for, and carries what its answer needs', () => {
    expect(given()).toEqual({
      id: 'discord:interaction:1300000000000000001',
      author: { id: ada.id, name: 'The Countess', locale: 'zh-CN' },
      text: '/reset',
      attachments: [],
      addressed: 'mention',
      target: {
        platform: 'discord',
        bot: me,
        channel,
        token: `600000000000000001/${interactionToken}/ephemeral`,
      },
      sentAt: madeAt,
    });
  });

  test('in private is direct, and everybody there may see the answer', () => {
    const { member: _, guild_id: __, ...rest } = command({ user: ada, context: 1 });
    const read = commandOf(rest);
    expect(read && commandToInbound(read, anywhere)).toMatchObject({
      addressed: 'direct',
      author: { name: 'Ada Lovelace' },
      target: { token: `600000000000000001/${interactionToken}` },
    });
  });

  test('in a thread is for its conversation', () => {
    expect(given({ channel_id: thread }, { isThread: true })?.target).toMatchObject({
      channel: thread,
      thread,
    });
  });

  test('shares the conversation of the messages there', () => {
    const { token: _, ...place } = given()?.target ?? {};
    const { replyTo: __, ...ofMessage } = read(said())?.target ?? {};
    expect(place).toEqual(ofMessage);
  });

  test('is nothing that a button or a form sends', () => {
    for (const type of [1, 3, 4, 5]) expect(given({ type })).toBeUndefined();
  });

  test('with a token that would lead elsewhere is none', () => {
    expect(given({ token: '../../channels/1' })).toBeUndefined();
  });
});
