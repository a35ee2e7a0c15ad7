import { describe, expect, test } from 'vitest';
import { toPressed } from '../../../adapters/telegram/press.ts';
import { forum, group, lin, me, pressed, stoppedDraft, updateOf } from './fixtures.ts';

const now = 1_795_000_000_000;
const read = (update: unknown) => toPressed(update, me, now);

describe('a pressed button', () => {
  test('of which we cannot have written the data is none', () => {
    for (const data of ['stop/a b', 'stop/\n', 'stop/é', `stop/${'x'.repeat(60)}`])
      expect(read(pressed(data))).toBeUndefined();
  });

  test('in private, as what a person did', () => {
    expect(read(pressed('ask/t_1/2'))).toEqual({
      id: 'telegram:7100000001:510000001:43:ask/t_1/2:510000001',
      author: { id: '510000001', name: 'Lin Wang', locale: 'zh-hans' },
      text: '',
      attachments: [],
      addressed: 'direct',
      target: { platform: 'telegram', bot: '7100000001', channel: '510000001', after: '43' },
      sentAt: now,
      pressed: 'ask/t_1/2',
    });
  });

  test('in a group is meant for us, and the answer is a reply to the message with the button', () => {
    const message = read(pressed('ask/t_1/0', { chat: group }));
    expect(message).toMatchObject({ addressed: 'mention' });
    expect(message?.target).toEqual({
      platform: 'telegram',
      bot: '7100000001',
      channel: '-4900000001',
      replyTo: '43',
      after: '43',
    });
  });

  test('stays in its topic; a thread of replies is none', () => {
    const inThread = (is_topic_message?: boolean) =>
      read(pressed('stop/t_1/u_1', { chat: forum, message_thread_id: 3, is_topic_message }))?.target.thread;
    expect(inThread(true)).toBe('3');
    expect(inThread()).toBeUndefined();
  });

  test('that asks is the same however often it is tapped, and another for everybody', () => {
    const ids = [
      pressed('ask/t_1/2', { chat: group }),
      pressed('ask/t_1/2', { chat: group }, { id: '9' }),
      pressed('ask/t_1/2', { chat: group }, { from: { ...lin, id: 5 } }),
      pressed('ask/t_1/1', { chat: group }),
    ].map((update) => read(update)?.id);
    expect(ids[0]).toBe(ids[1]);
    expect(new Set(ids).size).toBe(3);
  });

  test('that stops is another one each time', () => {
    const ids = ['8', '9'].map((id) => read(pressed('stop/t_1/u_1', {}, { id }))?.id);
    expect(ids).toEqual(['telegram:7100000001:query:8', 'telegram:7100000001:query:9']);
  });

  test('under a message that Telegram has forgotten is heard all the same', () => {
    const update = pressed('ask/t_1/2', {}, { message: { chat: group, message_id: 43, date: 0 } });
    expect(read(update)?.target).toMatchObject({ channel: '-4900000001', replyTo: '43' });
  });

  test.each(['', 'buy/1', 'ask', 'ask/t_1', 'ask/t_1/99', 'STOP'])('with the data %j is not ours', (data) => {
    expect(read(pressed(data))).toBeUndefined();
  });

  test('of a game, of a message in another chat, in a channel or by a bot is not ours', () => {
    expect(read(pressed('stop', {}, { data: undefined, game_short_name: 'chess' }))).toBeUndefined();
    expect(read(pressed('stop', {}, { message: undefined, inline_message_id: 'x' }))).toBeUndefined();
    expect(read(pressed('stop', { chat: { id: -1, type: 'channel', title: 'News' } }))).toBeUndefined();
    expect(read(pressed('stop', {}, { from: me }))).toBeUndefined();
  });
});

describe('a stopped draft', () => {
  test('is a stop by whom the chat is with', () => {
    expect(read(stoppedDraft())).toEqual({
      id: 'telegram:7100000001:stop:510000001:77:870000003',
      author: { id: '510000001', name: '' },
      text: '',
      attachments: [],
      addressed: 'direct',
      target: { platform: 'telegram', bot: '7100000001', channel: '510000001' },
      sentAt: now,
      pressed: 'stop',
    });
  });

  test('in a topic is one there', () => {
    expect(read(stoppedDraft({ message_thread_id: 3 }))?.target.thread).toBe('3');
  });

  test('anywhere else than in private is none', () => {
    expect(read(stoppedDraft({ chat: group }))).toBeUndefined();
  });
});

test('a message is no press', () => {
  expect(read(updateOf({ text: 'stop' }))).toBeUndefined();
});
