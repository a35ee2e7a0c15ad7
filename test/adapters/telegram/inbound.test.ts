import type { Message } from 'grammy/types';
import { describe, expect, test } from 'vitest';
import { toInbound } from '../../../adapters/telegram/inbound.ts';
import { contents, forum, fromUs, group, marked, me, services, updateOf } from './fixtures.ts';

const read = (content: Partial<Message>) => toInbound(updateOf(content), me);
const inGroup = (content: Partial<Message>) => read({ chat: group, ...content });

test('a private message, as a person wrote it', () => {
  expect(read({ text: 'What is a bridge?' })).toEqual({
    id: 'telegram:7100000001:510000001:42',
    author: { id: '510000001', name: 'Lin Wang', locale: 'zh-hans' },
    text: 'What is a bridge?',
    attachments: [],
    addressed: 'direct',
    target: { platform: 'telegram', bot: '7100000001', channel: '510000001', after: '42' },
    sentAt: 1_795_000_000_000,
  });
});

test('a person without a last name, a user name or a language', () => {
  const author = (from: object) =>
    read({ text: 'x', from: { id: 1, is_bot: false, ...from } as never })?.author;
  expect(author({ first_name: 'Mei' })).toEqual({ id: '1', name: 'Mei' });
  expect(author({ first_name: '', username: 'mei' })).toEqual({ id: '1', name: 'mei' });
});

describe('in a group', () => {
  test('a mention is for us, whatever its case, and the answer is a reply', () => {
    const message = inGroup(marked('@coze_test_BOT what is this?'));
    expect(message).toMatchObject({ addressed: 'mention', text: 'what is this?' });
    expect(message?.target).toEqual({
      platform: 'telegram',
      bot: '7100000001',
      channel: '-4900000001',
      replyTo: '42',
      after: '42',
    });
  });

  test.each([
    ['@Coze_Test_Bot what is this?', 'what is this?'],
    ['@Coze_Test_Bot, what is this?', 'what is this?'],
    ['@Coze_Test_Bot：这是什么？', '这是什么？'],
    ['@Coze_Test_Bot\nwhat is this?', 'what is this?'],
    ['what is @Coze_Test_Bot this?', 'what is this?'],
    ['first line\n@Coze_Test_Bot second line', 'first line\nsecond line'],
    ['what is this @Coze_Test_Bot', 'what is this'],
    ['what is this @Coze_Test_Bot?', 'what is this?'],
    ['👨‍👩‍👧‍👦 你好 @Coze_Test_Bot 世界', '👨‍👩‍👧‍👦 你好 世界'],
    ['@Coze_Test_Bot tell @Coze_Test_Bot and @linwang', 'tell and @linwang'],
    ['@Coze_Test_Bot', ''],
    ['/reset @Coze_Test_Bot', '/reset'],
  ])('%j is asked as %j', (said, asked) => {
    expect(inGroup(marked(said))).toMatchObject({ addressed: 'mention', text: asked });
  });

  test('a mention by name, as apps make them, is for us', () => {
    const entity = { type: 'text_mention' as const, offset: 3, length: 4, user: me };
    expect(inGroup({ text: 'Hi Coze, all well?', entities: [entity] })).toMatchObject({
      addressed: 'mention',
      text: 'Hi, all well?',
    });
  });

  test.each([
    'good morning',
    'Coze_Test_Bot is nice',
    '@other_bot what is this?',
    '@Coze_Test_Bot2 what is this?',
    '/reset',
    '/reset@other_bot',
  ])('%j is overheard', (said) => {
    expect(inGroup(marked(said))).toMatchObject({ addressed: 'overheard', text: said });
  });

  test('a command with our name is for us, and loses the name', () => {
    expect(inGroup(marked('/start@coze_test_bot deep link'))).toMatchObject({
      addressed: 'mention',
      text: '/start deep link',
    });
  });

  test('a reply to us is for us, a command too; one to somebody else is not', () => {
    expect(inGroup({ text: 'why?', reply_to_message: fromUs as never })?.addressed).toBe('mention');
    expect(inGroup({ ...marked('/reset'), reply_to_message: fromUs as never })?.addressed).toBe('mention');
    const fromOther = { ...fromUs, from: { ...me, id: 5, username: 'other_bot' } };
    expect(inGroup({ text: 'why?', reply_to_message: fromOther as never })?.addressed).toBe('overheard');
  });

  test('a command for another bot is not for us, even in a reply to us', () => {
    const message = inGroup({ ...marked('/reset@other_bot'), reply_to_message: fromUs as never });
    expect(message?.addressed).toBe('overheard');
  });

  test('somebody who writes in the name of the group or of a channel is heard under that name', () => {
    const anonymous = { id: 1_087_968_824, is_bot: true, first_name: 'Group', username: 'GroupAnonymousBot' };
    const message = inGroup({ from: anonymous, sender_chat: group, ...marked('@Coze_Test_Bot hi') });
    expect(message).toMatchObject({ addressed: 'mention', author: { id: '-4900000001', name: 'Readers' } });
  });
});

describe('in a forum', () => {
  const topic = { chat: forum, message_thread_id: 7, is_topic_message: true as const };
  const opening = {
    ...fromUs,
    message_id: 7,
    chat: forum,
    forum_topic_created: { name: 'News', icon_color: 1 },
  };

  test('the answer goes to the topic', () => {
    expect(read({ ...topic, ...marked('@Coze_Test_Bot hi') })?.target.thread).toBe('7');
  });

  test('the General topic has no thread, nor has a chain of replies in a plain group', () => {
    expect(read({ chat: forum, text: 'hi' })?.target).not.toHaveProperty('thread');
    expect(inGroup({ text: 'hi', message_thread_id: 40 })?.target).not.toHaveProperty('thread');
  });

  test('a topic that we opened does not make every message in it a reply to us', () => {
    expect(read({ ...topic, text: 'hi', reply_to_message: opening as never })?.addressed).toBe('overheard');
  });

  test('a topic of a private chat is a thread, and needs no reply', () => {
    const target = read({ text: 'hi', message_thread_id: 9, is_topic_message: true })?.target;
    expect(target).toMatchObject({ channel: '510000001', thread: '9' });
    expect(target).not.toHaveProperty('replyTo');
  });
});

describe('what messages carry', () => {
  test.each([
    ['photo', 'image'],
    ['voice', 'audio'],
    ['audio', 'audio'],
    ['video', 'video'],
    ['videoNote', 'video'],
    ['animation', 'video'],
    ['document', 'file'],
    ['sticker', 'sticker'],
    ['location', 'other'],
    ['venue', 'other'],
    ['contact', 'other'],
    ['dice', 'other'],
    ['poll', 'other'],
    ['story', 'other'],
  ])('a %s is one attachment of kind %s', (content, kind) => {
    expect(read(contents[content] ?? {})).toMatchObject({ text: '', attachments: [{ kind }] });
  });

  test('the parts of an album are messages of their own with one name for all, which no other chat has', () => {
    const picture = { photo: [], media_group_id: '77' } as Partial<Message>;
    const parts = [1, 2, 3].map((message_id) =>
      read({ ...picture, message_id, ...(message_id === 3 && { caption: 'look' }) }),
    );
    expect(parts).toMatchObject([1, 2, 3].map((id) => ({ id: `telegram:7100000001:510000001:${id}` })));
    expect(new Set(parts.map((part) => part?.album)).size).toBe(1);
    expect(inGroup(picture)).toMatchObject({ addressed: 'overheard', album: expect.any(String) });
    expect(inGroup(picture)?.album).not.toBe(parts[0]?.album);
    expect(read({ text: 'no album' })).not.toHaveProperty('album');
  });

  test('a text that nearly fills a message may be cut', () => {
    expect(read({ text: 'x'.repeat(3_892) })).toHaveProperty('isCut', true);
    expect(read({ text: '🚀'.repeat(1_946) })).toHaveProperty('isCut', true);
    expect(read({ text: 'x'.repeat(3_891) })).not.toHaveProperty('isCut');
  });

  test('a caption is text, with its own mentions', () => {
    const { text, entities } = marked('@Coze_Test_Bot what is this?');
    const message = inGroup({
      ...contents.photo,
      caption: text as string,
      caption_entities: entities as never,
    });
    expect(message).toMatchObject({
      addressed: 'mention',
      text: 'what is this?',
      attachments: [{ kind: 'image' }],
    });
  });
});

test('a message is not lost over an ornament that cannot be read', () => {
  const odd = {
    text: 'hi',
    entities: [{ type: 'bold', offset: 0, length: 0 }],
    reply_to_message: { from: 5 },
  };
  expect(read(odd as never)).toMatchObject({ text: 'hi', addressed: 'direct' });
});

describe('what is left out', () => {
  test.each(Object.keys(services))('the service message %s', (name) => {
    expect(read(services[name] ?? {})).toBeUndefined();
  });

  test('what bots write, what came through us, and what a channel forwards by itself', () => {
    expect(inGroup({ text: 'hi', from: { ...me, id: 5, username: 'other_bot' } })).toBeUndefined();
    expect(read({ text: 'hi', via_bot: me })).toBeUndefined();
    const channel = { id: -1_001_000_000_009, title: 'News', type: 'channel' as const };
    const forwarded = { text: 'news', sender_chat: channel, is_automatic_forward: true as const };
    expect(inGroup(forwarded)).toBeUndefined();
  });

  test('messages of channels, and those that only one person sees', () => {
    expect(read({ text: 'hi', chat: { id: -1, title: 'News', type: 'channel' } })).toBeUndefined();
    const { message } = updateOf({ text: 'hi' });
    expect(toInbound({ update_id: 1, channel_post: message }, me)).toBeUndefined();
    expect(toInbound({ update_id: 1, edited_channel_post: message }, me)).toBeUndefined();
    expect(read({ text: 'hi', message_id: 0 })).toBeUndefined();
  });

  test('what has no number or date that there can be', () => {
    for (const odd of [-1, 1.5, 2 ** 33]) {
      expect(read({ text: 'hi', message_id: odd })).toBeUndefined();
      expect(read({ text: 'hi', date: odd })).toBeUndefined();
    }
  });
});
