import { describe, expect, test } from 'vitest';
import { controlKey, conversationKey, type GroupContext } from '../src/core/addressing.ts';
import type { InboundMessage } from '../src/core/message.ts';
import { createNames } from '../src/identity.ts';
import { inbound, target } from './support/fake-platform.ts';

const { sessionOf, userIdOf } = createNames('a salt that is long enough');
const ada = { id: 'p1', name: 'Ada' };
const bob = { id: 'p2', name: 'Bob' };

function session(more: Partial<InboundMessage>, context: GroupContext = 'personal', control = false) {
  const message = inbound('hi', { addressed: 'mention', author: ada, ...more });
  const key = conversationKey(message, context);
  return sessionOf({ key: control ? controlKey(key) : key, message });
}

describe('the session of a conversation', () => {
  test('is the person’s in private and where each has their own, the same one everywhere', () => {
    const own = userIdOf('fake', 'p1');
    expect(session({ addressed: 'direct' })).toBe(own);
    expect(session({ addressed: 'direct', target: { ...target, thread: 't1' } })).toBe(own);
    expect(session({ addressed: 'direct' }, 'shared')).toBe(own);
    expect(session({})).toBe(own);
    expect(session({ target: { ...target, channel: 'c2' } })).toBe(own);
    expect(session({ author: bob })).toBe(userIdOf('fake', 'p2'));
  });

  test.each([
    ['thread', { target: { ...target, thread: 't1' } }, 'personal'],
    ['thread of a shared group', { target: { ...target, thread: 't1' } }, 'shared'],
    ['shared group', {}, 'shared'],
  ] as const)('is one for all in a %s, and nobody’s own', (_, more, context) => {
    const all = session(more, context);
    expect(session({ ...more, author: bob }, context)).toBe(all);
    expect(
      session(
        { ...more, target: { ...target, ...('target' in more && more.target), channel: 'c2' } },
        context,
      ),
    ).not.toBe(all);
    expect(all).toMatch(/^s_[\w-]{22}$/);
    expect(all).not.toBe(userIdOf('fake', 'p1'));
  });

  test('is that of its commands', () => {
    for (const context of ['personal', 'shared'] as const)
      for (const more of [{}, { addressed: 'direct' }, { target: { ...target, thread: 't1' } }] as const)
        expect(session(more, context, true)).toBe(session(more, context));
  });

  test('is not taken for a person’s by an id that looks like one', () => {
    const sly = { target: { ...target, channel: 'person=p1' } };
    expect(session(sly, 'shared')).toMatch(/^s_/);
  });
});
