import { describe, expect, test } from 'vitest';
import { conversationKey, type GroupContext, isPersonalThere } from '../../src/core/addressing.ts';
import { parseCommand } from '../../src/core/commands.ts';
import type { InboundMessage } from '../../src/core/message.ts';
import { inbound, target } from '../support/fake-platform.ts';

const ada = { id: 'p1', name: 'Ada' };
const bob = { id: 'p2', name: 'Bob' };
const key = (more: Partial<InboundMessage>, context: GroupContext = 'personal') =>
  conversationKey(inbound('hi', { addressed: 'mention', ...more }), context);

describe('who shares a conversation', () => {
  test('in a group, each person has their own', () => {
    expect(key({ author: ada })).not.toBe(key({ author: bob }));
    expect(key({ author: ada })).toBe(key({ author: ada }));
  });

  test('a group that has another name now keeps its conversations', () => {
    const moved = { ...target, channel: 'c2', formerly: target.channel };
    expect(key({ target: moved })).toBe(key({}));
    expect(isPersonalThere(key({}), inbound('hi', { target: moved }))).toBe(true);
  });

  test('in a group with shared context, everybody has the same', () => {
    expect(key({ author: ada }, 'shared')).toBe(key({ author: bob }, 'shared'));
  });

  test('in a thread, everyone in it, and nobody in another', () => {
    const thread = (id: string) => ({ target: { ...target, thread: id } });
    expect(key({ author: ada, ...thread('t1') })).toBe(key({ author: bob, ...thread('t1') }));
    expect(key({ author: ada, ...thread('t1') })).not.toBe(key({ author: ada, ...thread('t2') }));
  });

  test('never two bots, two channels or two platforms', () => {
    const places = [
      target,
      { ...target, bot: 'b2' },
      { ...target, channel: 'c2' },
      { ...target, platform: 'other' },
    ];
    expect(new Set(places.map((place) => key({ target: place }))).size).toBe(places.length);
  });

  test('never by an id that looks like a part of the key', () => {
    const thread = key({ target: { ...target, thread: 'p1' } });
    const person = key({ author: { id: 'p1', name: '' } });
    const sly = key({ target: { ...target, channel: 'c1:person=p1' }, addressed: 'direct' });
    expect(new Set([thread, person, sly]).size).toBe(3);
  });
});

describe('a command', () => {
  test.each([
    ['/reset', 'reset'],
    [' /Reset ', 'reset'],
    ['/start abc', 'start'],
    ['/help\nplease', 'help'],
    ['/resetting', undefined],
    ['please /reset', undefined],
    ['/other', undefined],
    ['', undefined],
  ])('%j is %s', (text, command) => expect(parseCommand(text)).toBe(command));
});
