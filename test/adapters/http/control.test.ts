import { describe, expect, test } from 'vitest';
import { homes } from '../../bridge/stand.ts';
import { eventsIn } from '../../support/events-in.ts';
import { allIn, serve } from './served.ts';

const slow = { steps: [{ say: ['It begins. '] }, { waitMs: 5_000 }, { say: ['It ends.'] }] };

describe.each(homes)('on $home', ({ home }) => {
  test('an answer is stopped where it is, and one that is over is not', async () => {
    const bridge = await serve(home);
    bridge.coze.answer(slow);
    const response = await bridge.post('/chat/stream', { message: 'hello', session_id: 's' });
    const message = response.headers.get('x-message-id');
    const heard = [];
    const stop = async () => (await bridge.post(`/chat/${message}/stop`, {})).json();
    for await (const event of eventsIn(response)) {
      heard.push(event);
      if (heard.length === 1) expect(await stop()).toEqual({ message_id: message, status: 'stopping' });
    }
    expect(heard).toMatchObject([
      { type: 'chunk', data: { content: 'It begins. ' } },
      { type: 'complete', data: { full_content: 'It begins. ', status: 'stopped' } },
    ]);
    expect(await stop()).toEqual({ message_id: message, status: 'ended' });
  });

  test('a question that waits for its turn is stopped before it is asked', async () => {
    const bridge = await serve(home);
    bridge.coze.answer({ steps: [{ say: ['It begins. '] }, { waitMs: 1_500 }, { say: ['It ends.'] }] });
    const ask = (message: string) => bridge.post('/chat/stream', { message, session_id: 's' });
    const first = await ask('Tell me all.');
    const second = await ask('Never mind.');
    const message = second.headers.get('x-message-id');
    const stop = async () => (await bridge.post(`/chat/${message}/stop`, {})).json();
    expect(await stop()).toEqual({ message_id: message, status: 'stopped' });
    expect(await allIn(second)).toMatchObject([
      { type: 'complete', data: { full_content: '', total_chunks: 0, status: 'stopped' } },
    ]);
    expect(await stop()).toEqual({ message_id: message, status: 'ended' });
    expect((await allIn(first)).at(-1)).toMatchObject({ data: { full_content: 'It begins. It ends.' } });
    expect(bridge.questions().map(({ text }) => text)).toEqual(['Tell me all.']);
  });

  test('each question that waits is asked in the conversation that it names', async () => {
    const bridge = await serve(home);
    const open = async () => {
      const answer = await bridge.post('/chat', { message: 'hello' });
      return ((await answer.json()) as { conversation_id: string }).conversation_id;
    };
    const places = [await open(), await open(), await open()];
    bridge.coze.answer({ steps: [{ say: ['It begins. '] }, { waitMs: 800 }, { say: ['It ends.'] }] });
    const answers = [];
    for (const conversation_id of places)
      answers.push(await bridge.post('/chat/stream', { message: 'hi', session_id: 's', conversation_id }));
    const ends = await Promise.all(answers.map(async (answer) => (await allIn(answer)).at(-1)));
    expect(ends.map((end) => end?.data.conversation_id)).toEqual(places);
  });

  test('a client that goes away does not stop its answer', async () => {
    const bridge = await serve(home);
    bridge.coze.answer({ steps: [{ say: ['It begins. '] }, { waitMs: 500 }, { say: ['It ends.'] }] });
    const gone = new AbortController();
    const response = await fetch(`${bridge.url}/chat/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message: 'hello' }),
      signal: gone.signal,
    });
    const message = response.headers.get('x-message-id');
    await eventsIn(response).next();
    gone.abort();
    const rest = [];
    for await (const event of eventsIn(await bridge.get(`/chat/stream/${message}`))) rest.push(event);
    expect(rest.at(-1)).toMatchObject({ type: 'complete', data: { full_content: 'It begins. It ends.' } });
  });

  test('a cleared session goes on in a new conversation, a given one is taken over', async () => {
    const bridge = await serve(home);
    const ask = async (body: object) =>
      (await (await bridge.post('/chat', { session_id: 's', ...body })).json()) as {
        conversation_id: string;
      };
    const first = await ask({ message: 'one' });
    const cleared = await bridge.post('/session/s/clear', {});
    expect(await cleared.json()).toEqual({
      message: expect.any(String),
      session_id: 's',
      cleared_at: expect.stringMatching(/^20/),
    });
    const second = await ask({ message: 'two' });
    expect(second.conversation_id).not.toBe(first.conversation_id);
    const third = await ask({ message: 'three', conversation_id: first.conversation_id });
    expect(third.conversation_id).toBe(first.conversation_id);
    const all = await Promise.all(['a', 'b', 'c', 'd'].map((message) => ask({ message })));
    expect(new Set(all.map((answer) => answer.conversation_id))).toEqual(new Set([first.conversation_id]));
    expect(
      bridge
        .questions()
        .map(({ text }) => text)
        .toSorted(),
    ).toEqual(['a', 'b', 'c', 'd', 'one', 'three', 'two']);
  });

  test('a conversation that Coze does not know is told, and a session whose own has vanished goes on', async () => {
    const bridge = await serve(home);
    const ask = async (body: object) => {
      const response = await bridge.post('/chat', { message: 'hi', session_id: 's', ...body });
      const { conversation_id: place, detail } = (await response.json()) as Record<string, string>;
      return { status: response.status, place, detail };
    };
    const first = await ask({});
    expect(await ask({ conversation_id: '99' })).toEqual({
      status: 404,
      place: undefined,
      detail: expect.stringMatching(/Coze does not know this conversation/),
    });
    const heard = await allIn(await bridge.post('/chat/stream', { message: 'hi', conversation_id: '99' }));
    expect(heard).toMatchObject([{ type: 'error', data: { code: 'gone' } }]);
    const second = await ask({});
    expect(second).toEqual(first);
    bridge.coze.reset();
    const third = await ask({});
    expect(third).toEqual({ ...first, place: expect.stringMatching(/^\d+$/) });
    expect(third.place).not.toBe(first.place);
  });
});

test('context and variables go along with the question', async () => {
  const bridge = await serve('embedded');
  await bridge.post('/chat', {
    messages: [
      { role: 'user', content: 'My name is Ada.' },
      { role: 'assistant', content: 'Hello Ada.' },
      { role: 'user', content: 'What is my name?' },
    ],
    custom_variables: { city: 'Oslo' },
  });
  const [{ body } = expect.fail('nothing was asked')] = bridge.questions();
  expect(body.additional_messages).toMatchObject([
    { role: 'user', content: 'My name is Ada.' },
    { role: 'assistant', content: 'Hello Ada.', type: 'answer' },
    { role: 'user', content: 'What is my name?' },
  ]);
  expect(body.custom_variables).toMatchObject({ city: 'Oslo', platform: 'http' });
  expect(body.custom_variables).not.toHaveProperty('user_name');
});
