import { describe, expect, test } from 'vitest';
import { createCozeBackends } from '../../src/coze/client.ts';
import { openOAuth, ours, tokenPath } from './oauth-stand.ts';
import { eventually, factsOf, failureOf, hear, question } from './stand.ts';

const never = new AbortController().signal;

describe('a token that Coze refuses', () => {
  const forms = ['401', '200', '700012006'] as const;

  test.each(forms)('as %s is replaced once, and the question is asked again', async (badToken) => {
    const { emulator, backends, tokenCalls } = await openOAuth({ badToken });
    const conversationId = await backends().openConversation();
    emulator.revokeTokens();
    const { answer, events } = await hear(backends(), never, { ...question, conversationId });
    expect(answer).toMatch(/You said/);
    expect(events.filter(({ type }) => type === 'created')).toHaveLength(1);
    expect(tokenCalls()).toHaveLength(2);
    expect(emulator.chats()).toHaveLength(1);
  });

  test('as an event of the stream is replaced, too', async () => {
    const { emulator, backends, tokenCalls } = await openOAuth();
    const conversationId = await backends().openConversation();
    const script = { bare: true, steps: [{ raw: 'event:error\ndata:{"code":4100,"msg":"no"}\n\n' }] };
    emulator.answer(({ count }) => (count === 1 ? script : { steps: [{ say: 'Hello.' }] }));
    expect((await hear(backends(), never, { ...question, conversationId })).answer).toBe('Hello.');
    expect(tokenCalls()).toHaveLength(2);
  });

  test.each(forms)('as %s is replaced for every other call', async (badToken) => {
    const { emulator, backends, tokenCalls } = await openOAuth({ badToken });
    const conversationId = await backends().openConversation();
    const { events } = await hear(backends(), never, { ...question, conversationId });
    const chat = events.flatMap((event) => (event.type === 'created' ? event.chat : []))[0];
    if (!chat) throw new Error('no chat');
    const calls = [
      () => backends().recover(chat, never),
      () => backends().cancel(chat),
      () => backends().clear(conversationId),
      () => backends().openConversation(),
    ];
    for (const [index, run] of calls.entries()) {
      emulator.revokeTokens();
      await run();
      expect(tokenCalls()).toHaveLength(index + 2);
    }
  });

  test('lacks a permission that a new one may have', async () => {
    const { emulator, backends, tokenCalls } = await openOAuth();
    emulator.fault({ on: '/v1/conversation/create', reply: 'json', code: 4101 });
    await backends().openConversation();
    expect(tokenCalls()).toHaveLength(2);
  });

  test('a second time is told, and not asked for a third time', async () => {
    const { emulator, backends, tokenCalls } = await openOAuth();
    const conversationId = await backends().openConversation();
    emulator.fault({ on: '/v3/chat', reply: 'json', code: 4100, msg: 'no' }, 9);
    const { error } = await hear(backends(), never, { ...question, conversationId });
    expect(factsOf(error)).toMatchObject({ kind: 'token', code: 4100, said: 'no', retryable: false });
    expect(emulator.requests.filter(({ path }) => path === '/v3/chat')).toHaveLength(2);
    emulator.fault({ on: '/v1/conversation/create', reply: 'json', code: 4100 }, 9);
    expect(await failureOf(backends().openConversation())).toMatchObject({ kind: 'token', code: 4100 });
    expect(emulator.requests.filter(({ path }) => path.endsWith('/create'))).toHaveLength(3);
    expect(tokenCalls()).toHaveLength(3);
  });

  test('is not what failed when the answer had begun', async () => {
    const { emulator, backends, tokenCalls } = await openOAuth();
    const conversationId = await backends().openConversation();
    emulator.answer({ steps: [], end: { status: 'failed', code: 4100, msg: 'a plugin said so' } });
    const { error } = await hear(backends(), never, { ...question, conversationId });
    expect(factsOf(error)).toMatchObject({ kind: 'token', code: 4100 });
    emulator.answer({
      bare: true,
      steps: [{ event: 'conversation.chat.in_progress', data: {} }],
      end: { status: 'error', data: { code: 4100 } },
    });
    await hear(backends(), never, { ...question, conversationId });
    expect(tokenCalls()).toHaveLength(1);
    expect(emulator.requests.filter(({ path }) => path === '/v3/chat')).toHaveLength(2);
  });

  test('of one that was made by hand stays refused', async () => {
    const { emulator, line } = await openOAuth();
    const backend = createCozeBackends({ ...line, token: 'pat_x', botId: '1', saveHistory: true })();
    expect(await failureOf(backend.openConversation())).toMatchObject({ kind: 'token', code: 4100 });
    expect(emulator.requests).toHaveLength(1);
  });

  test('by a hundred calls at once is replaced once', async () => {
    const { emulator, backends, tokenCalls } = await openOAuth();
    await backends().openConversation();
    emulator.revokeTokens();
    await Promise.all(Array.from({ length: 100 }, () => backends().openConversation()));
    expect(tokenCalls()).toHaveLength(2);
  });
});

test('a hundred questions at once share one token for each session', async () => {
  const { backends, tokenCalls, emulator } = await openOAuth();
  await Promise.all(
    Array.from({ length: 100 }, (_, index) => backends(index % 2 ? 'odd' : 'even').openConversation()),
  );
  expect(tokenCalls()).toHaveLength(2);
  const accounts = emulator.conversations().map(({ account }) => account);
  expect(new Set(accounts)).toEqual(new Set([`${ours.appId}/odd`, `${ours.appId}/even`]));
});

test('what belongs to one session is gone in another', async () => {
  const { backends } = await openOAuth();
  const conversationId = await backends('one').openConversation();
  expect(await failureOf(backends('two').clear(conversationId))).toMatchObject({ kind: 'gone', code: 4002 });
  const { error } = await hear(backends('two'), undefined, { ...question, conversationId });
  expect(factsOf(error)).toMatchObject({ kind: 'gone', code: 4002 });
  expect((await hear(backends('one'), undefined, { ...question, conversationId })).error).toBeUndefined();
});

test('nobody who goes while the token is fetched waits for it, and nothing more is asked', async () => {
  const { emulator, backends, tokenCalls } = await openOAuth();
  emulator.fault({ on: tokenPath, reply: 'hang' });
  const stop = new AbortController();
  const reason = new Error('stopped');
  const heard = hear(backends(), stop.signal);
  const recovered = backends().recover({ conversationId: '1', chatId: '2' }, stop.signal);
  await eventually(() => tokenCalls().length).toBe(1);
  stop.abort(reason);
  await expect(recovered).rejects.toBe(reason);
  expect((await heard).error).toBe(reason);
  expect(emulator.requests).toHaveLength(1);
});
