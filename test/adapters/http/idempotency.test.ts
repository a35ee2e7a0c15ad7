import { describe, expect, onTestFinished, test } from 'vitest';
import { createCounter } from '../../../adapters/http/counter.ts';
import type { InboundMessage } from '../../../src/core/message.ts';
import type { Home } from '../../../src/core/ports/store.ts';
import { homes } from '../../bridge/stand.ts';
import { sampleMessage } from '../../contracts/samples.ts';
import { createEmbeddedStore } from '../../embedded/store.ts';
import { allIn, serve } from './served.ts';

describe.each(homes)('on $home', ({ home }) => {
  test('the same question with the same key is asked once, and answered each time', async () => {
    const bridge = await serve(home);
    bridge.coze.answer({ steps: [{ say: ['It begins. '] }, { waitMs: 500 }, { say: ['It ends.'] }] });
    const key = { 'idempotency-key': 'a name for it' };
    const stream = (headers: Record<string, string>) =>
      bridge.post('/chat/stream', { message: 'hi' }, headers);
    const responses = await Promise.all([stream(key), stream(key)]);
    const ends = await Promise.all(responses.map(async (response) => (await allIn(response)).at(-1)));
    const whole = (await (await bridge.post('/chat', { message: 'hi' }, key)).json()) as Record<
      string,
      unknown
    >;
    expect(ends).toMatchObject([
      { type: 'complete', data: { full_content: 'It begins. It ends.' } },
      { type: 'complete', data: { full_content: 'It begins. It ends.' } },
    ]);
    expect(whole).toMatchObject({ response: 'It begins. It ends.' });
    const idsOf = ({ message_id, session_id }: Record<string, unknown>) => [message_id, session_id];
    expect(ends.map((end) => idsOf(end?.data))).toEqual([idsOf(whole), idsOf(whole)]);
    expect(bridge.questions()).toHaveLength(1);
  });

  test('without a key, with another one, from another owner, or in other words it is another question', async () => {
    const bridge = await serve(home, { SERVER_API_KEYS: 'one-key-of-ours-16,another-key-of-ours' });
    bridge.coze.answer({ steps: [{ say: ['Hello.'] }] });
    const ask = async (message: string, owner: string, key?: string) => {
      const headers = { authorization: `Bearer ${owner}`, ...(key && { 'idempotency-key': key }) };
      const response = await bridge.post('/chat', { message }, headers);
      return ((await response.json()) as { message_id: string }).message_id;
    };
    const ids = [
      await ask('hi', 'one-key-of-ours-16', 'k'),
      await ask('hi', 'one-key-of-ours-16', 'l'),
      await ask('hi', 'another-key-of-ours', 'k'),
      await ask('ho', 'one-key-of-ours-16', 'k'),
      await ask('hi', 'one-key-of-ours-16'),
      await ask('hi', 'one-key-of-ours-16'),
    ];
    expect(new Set(ids).size).toBe(6);
    expect(bridge.questions()).toHaveLength(6);
  });
});

test('a key that is too long is refused in words', async () => {
  const bridge = await serve('embedded');
  const response = await bridge.post('/chat', { message: 'hi' }, { 'idempotency-key': 'k'.repeat(256) });
  expect(response.status).toBe(422);
  expect(await response.json()).toEqual({ detail: expect.stringMatching(/idempotency-key/) });
});

/** Where questions are handed in; `deliver` is told to. */
async function openCounter(deliver: (message: InboundMessage, home: Home) => Promise<unknown>) {
  const store = await createEmbeddedStore();
  const home = await store.open();
  onTestFinished(async () => {
    await home.close();
    await store.remove();
  });
  const counter = createCounter(home, async (message) => void (await deliver(message, home)));
  const ask = () =>
    counter.ask({ owner: 'me', message: 'm', session: 's', user: 'u', locale: undefined, text: 'hi' });
  return { ...home, ask };
}

test('a question whose gateway died before it was in the mailbox is put there when it is asked again', async () => {
  const put: string[] = [];
  let isDead = true;
  const { ask, sessions } = await openCounter(async ({ id }) => {
    if (isDead) throw new Error('killed');
    put.push(id);
  });
  await expect(ask()).rejects.toThrow('killed');
  isDead = false;
  await ask();
  expect(put).toEqual(['http:m']);
  expect(await sessions.find('s')).toMatchObject({ messages: 1 });
});

test('who asks again when the answer is not kept any more is told so', async () => {
  const { ask, mailbox, sessions } = await openCounter((message, home) => home.mailbox.put('k', message));
  // Its feed is gone, and its id still known.
  await mailbox.put('k', sampleMessage('http:m'));
  await expect(ask()).rejects.toMatchObject({
    statusCode: 409,
    message: expect.stringMatching(/Idempotency-Key/),
  });
  expect(await sessions.find('s')).toBeUndefined();
});

test('a command that is heard again does nothing again', async () => {
  let delivered = 0;
  const { ask } = await openCounter((message, home) => {
    delivered += 1;
    return home.mailbox.put('k', message);
  });
  const asked = await ask();
  expect(await ask()).toEqual(asked);
  expect(delivered).toBe(1);
});
