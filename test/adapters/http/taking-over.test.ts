import { randomUUID } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createCounter } from '../../../adapters/http/counter.ts';
import { keyOf } from '../../../adapters/http/inbound.ts';
import { conversationKey } from '../../../src/core/addressing.ts';
import type { InboundMessage } from '../../../src/core/message.ts';
import { createEmbeddedStore } from '../../embedded/store.ts';

/** Questions of owners, which nobody answers. */
async function openCounter() {
  const store = await createEmbeddedStore();
  const home = await store.open();
  onTestFinished(async () => {
    await home.close();
    await store.remove();
  });
  const asked: InboundMessage[] = [];
  const counter = createCounter(home, async (message) => void asked.push(message));
  const ask = (owner: string, session: string, conversationId?: string) =>
    counter.ask({
      owner,
      message: randomUUID(),
      session,
      user: 'u',
      locale: undefined,
      text: 'hello',
      enclosure: { ...(conversationId && { conversationId }) },
    });
  return { ...home, ask, asked };
}

const refused = { statusCode: 404, message: expect.stringMatching(/somebody else/) };

describe('a conversation of Coze', () => {
  test('of another session of the same owner is taken over', async () => {
    const { ask, asked, conversations } = await openCounter();
    await ask('me', 'a:b');
    await conversations.save(keyOf({ owner: 'me', session: 'a:b' }), 0, '77');
    await ask('me', 's', '77');
    expect(asked.at(-1)?.enclosure).toEqual({ conversationId: '77' });
  });

  test('of another owner’s session is not, and nothing is asked or made', async () => {
    const { ask, asked, conversations, sessions } = await openCounter();
    await ask('me', 'a:b');
    await conversations.save(keyOf({ owner: 'me', session: 'a:b' }), 0, '77');
    await expect(ask('you', 's', '77')).rejects.toMatchObject(refused);
    expect(await sessions.find('s')).toBeUndefined();
    expect(asked).toHaveLength(1);
  });

  test('of people on another platform is not', async () => {
    const { ask, conversations } = await openCounter();
    await conversations.save('telegram:1:2', 0, '77');
    await expect(ask('me', 's', '77')).rejects.toMatchObject(refused);
  });

  test('that we know nothing of is', async () => {
    const { ask, asked } = await openCounter();
    await ask('me', 's', '77');
    expect(asked.at(-1)?.enclosure).toEqual({ conversationId: '77' });
  });

  test('is taken by one of two owners who want it at the same moment', async () => {
    const { ask, asked } = await openCounter();
    const outcomes = await Promise.allSettled([ask('me', 's', '77'), ask('you', 't', '77')]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(asked).toHaveLength(1);
  });
});

test('a session of the same name, once it is forgotten, does not bring its conversation to another owner', async () => {
  const { ask, asked, conversations } = await openCounter();
  await ask('me', 's');
  const [mine] = asked;
  expect(keyOf({ owner: 'me', session: 's' })).not.toBe(keyOf({ owner: 'you', session: 's' }));
  expect(mine && conversationKey(mine, 'personal')).toBe(keyOf({ owner: 'me', session: 's' }));
  await conversations.save(keyOf({ owner: 'me', session: 's' }), 0, '77');
  expect(await conversations.find(keyOf({ owner: 'you', session: 's' }))).toEqual({ generation: 0 });
});
