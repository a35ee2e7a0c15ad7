import { describe, expect, test } from 'vitest';
import { homes } from '../../bridge/stand.ts';
import { eventsIn } from '../../support/events-in.ts';
import { allIn, serve } from './served.ts';

const pieces = ['The first sentence. ', 'And **more** of it,\n\n', 'with an end.'];
const whole = pieces.join('');
const script = {
  steps: [{ say: [pieces[0] ?? ''] }, { waitMs: 400 }, { say: pieces.slice(1) }],
  followUps: ['Why?'],
};

describe.each(homes)('the HTTP API on $home', ({ home }) => {
  test('answers whole, and remembers the session', async () => {
    const bridge = await serve(home);
    bridge.coze.answer(script);
    const response = await bridge.post('/chat', { message: 'hello', user_id: 'ada' });
    expect(response.status).toBe(200);
    const answer = (await response.json()) as Record<string, unknown>;
    expect(answer).toEqual({
      response: whole,
      session_id: expect.stringMatching(/^[\w-]{36}$/),
      message_id: expect.stringMatching(/^[\w-]{36}$/),
      conversation_id: expect.stringMatching(/^\d+$/),
      follow_ups: ['Why?'],
      status: 'answered',
      usage: { total: expect.any(Number), input: expect.any(Number), output: expect.any(Number) },
      timestamp: expect.stringMatching(/^20\d\d-.*Z$/),
    });
    const again = await (
      await bridge.post('/chat', { message: 'and?', session_id: answer.session_id })
    ).json();
    expect(again).toMatchObject({ session_id: answer.session_id, conversation_id: answer.conversation_id });
    const info = await (await bridge.get(`/session/${answer.session_id}/info`)).json();
    expect(info).toEqual({
      session_id: answer.session_id,
      user_id: 'default_user',
      conversation_id: answer.conversation_id,
      last_activity: expect.stringMatching(/^20\d\d-.*Z$/),
      message_count: 2,
      status: 'active',
    });
  });

  test('tells the answer as it comes', async () => {
    const bridge = await serve(home);
    bridge.coze.answer(script);
    const startedAt = Date.now();
    const response = await bridge.post('/api/stream', { messages: [{ role: 'user', content: 'hello' }] });
    expect(response.headers.get('content-type')).toMatch('text/event-stream');
    let firstAfterMs: number | undefined;
    const heard = [];
    for await (const event of eventsIn(response)) {
      firstAfterMs ??= Date.now() - startedAt;
      heard.push(event);
    }
    const chunks = heard.filter(({ type }) => type === 'chunk');
    expect(chunks.map(({ data }) => data.content).join('')).toBe(whole);
    expect(chunks.map(({ data }) => data.chunk_index)).toEqual(chunks.map((_, nth) => nth));
    expect(heard.at(-1)).toMatchObject({
      type: 'complete',
      data: {
        total_chunks: chunks.length,
        full_content: whole,
        conversation_id: expect.stringMatching(/^\d+$/),
        message_id: response.headers.get('x-message-id'),
        session_id: response.headers.get('x-session-id'),
        follow_ups: ['Why?'],
        usage: { total: expect.any(Number) },
      },
    });
    expect(firstAfterMs).toBeLessThan(Date.now() - startedAt - 300);
  });

  test('goes on after the last event that was heard, however often', async () => {
    const bridge = await serve(home);
    bridge.coze.answer(script);
    const response = await bridge.post('/chat/stream', { message: 'hello' });
    const message = response.headers.get('x-message-id') ?? '';
    const events = eventsIn(response);
    const first = (await events.next()).value;
    await events.return(undefined);
    const rest = await allIn(
      await bridge.get(`/chat/stream/${message}`, { 'last-event-id': first?.id ?? '' }),
    );
    const texts = [first, ...rest].flatMap((event) => (event?.type === 'chunk' ? event.data.content : []));
    expect(texts.join('')).toBe(whole);
    expect(rest.at(-1)?.type).toBe('complete');
    const all = await allIn(await bridge.get(`/chat/stream/${message}`));
    expect(all).toEqual([first, ...rest]);
    expect(bridge.questions()).toHaveLength(1);
  });

  // On the other home there is one process: chaos kills it.
  if (home === 'redis')
    test('a killed worker ends nobody’s stream', async () => {
      const bridge = await serve(home);
      bridge.coze.answer(script);
      const events = eventsIn(await bridge.post('/chat/stream', { message: 'hello' }));
      const heard = [(await events.next()).value];
      await bridge.worker.stop('SIGKILL');
      await bridge.launch({ ROLE: 'worker', TELEGRAM_BOT_TOKEN: '', TELEGRAM_API_ROOT: '' });
      for await (const event of events) heard.push(event);
      let text = '';
      for (const event of heard) {
        if (event?.type === 'chunk') text += event.data.content;
        if (event?.type === 'replace') text = event.data.content;
      }
      expect(text).toBe(whole);
      expect(heard.at(-1)).toMatchObject({ type: 'complete', data: { full_content: whole } });
      expect(bridge.questions()).toHaveLength(1);
    });
});
