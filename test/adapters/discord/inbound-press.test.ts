import { describe, expect, test } from 'vitest';
import { type Place, pressToInbound } from '../../../adapters/discord/inbound.ts';
import { pressOf } from '../../../adapters/discord/payload.ts';
import { ada, bob, channel, madeAt, me, press, thread } from './fixtures.ts';

const source = '1299999999999999999';
const member = (permissions: unknown, user: object = ada) => ({ member: { nick: null, user, permissions } });
const button = (custom_id: string) => ({ data: { component_type: 2, custom_id } });

function read(more: object = {}, place: Partial<Place> = {}) {
  const pressed = pressOf(press(more));
  return pressed && pressToInbound(pressed, { me, isThread: false, ...place });
}

describe('a pressed button', () => {
  test('becomes a message without text, whose answer goes to the message with the button', () => {
    expect(read()).toEqual({
      id: 'discord:interaction:1300000000000000001',
      author: { id: ada.id, name: 'The Countess', locale: 'zh-CN' },
      text: '',
      attachments: [],
      addressed: 'mention',
      target: { platform: 'discord', bot: me, channel, replyTo: source },
      sentAt: madeAt,
      pressed: `stop/turn/${ada.id}`,
    });
  });

  test('in private is direct, and no reply', () => {
    const alone = read({ member: undefined, guild_id: undefined, user: ada });
    expect(alone).toMatchObject({ addressed: 'direct', author: { id: ada.id } });
    expect(alone?.target).toEqual({ platform: 'discord', bot: me, channel });
  });

  test('in a thread is for its conversation', () => {
    expect(read({ channel_id: thread }, { isThread: true })?.target).toMatchObject({
      channel: thread,
      thread,
    });
  });

  test('that asks a question is the same message however often a person presses it, and each person their own', () => {
    const again = { ...button('ask/turn/0'), id: '1300000000000000002' };
    const id = read(button('ask/turn/0'))?.id;
    expect(id).toBe(`discord:${me}:${channel}:${source}:ask/turn/0:${ada.id}`);
    expect(read(again)?.id).toBe(id);
    expect(read({ ...again, ...member('0', bob) })?.id).not.toBe(id);
    expect(read(button('ask/turn/1'))?.id).not.toBe(id);
    expect(read({ id: '1300000000000000002' })?.id).not.toBe(read()?.id);
  });

  test.each(['vote/1', 'stop', 'ask/turn', 'ask/turn/x', 'ask//1', '', 'x'.repeat(101)])(
    'of somebody else is none: %s',
    (custom_id) => expect(read(button(custom_id))).toBeUndefined(),
  );

  test('is neither a menu nor a form', () => {
    expect(read({ data: { component_type: 3, custom_id: 'ask/turn/0', values: [] } })).toBeUndefined();
    for (const type of [1, 2, 4, 5]) expect(read({ type })).toBeUndefined();
  });
});

describe('whoever pressed decides for others', () => {
  const bits = { administrator: 3, manageGuild: 5, manageMessages: 13 };

  test.each(Object.entries(bits))('when they have the permission %s', (_, bit) => {
    expect(read(member(String(1n << BigInt(bit))))?.author.isAdmin).toBe(true);
  });

  test('when they manage threads, but only in these', () => {
    const manager = member(String(1n << 34n));
    expect(read(manager)?.author).not.toHaveProperty('isAdmin');
    expect(read(manager, { isThread: true })?.author.isAdmin).toBe(true);
  });

  test.each(['0', String(1n << 11n), '', '-8', '0x8', 'all', null, 8, undefined])(
    'but not with %j',
    (permissions) => {
      expect(read(member(permissions))).toMatchObject({ author: { id: ada.id } });
      expect(read(member(permissions))?.author).not.toHaveProperty('isAdmin');
    },
  );
});
