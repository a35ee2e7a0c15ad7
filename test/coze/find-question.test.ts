import { expect, test } from 'vitest';
import { startCozeEmulator } from '../../emulators/coze/index.ts';
import { createCozeBackends } from '../../src/coze/client.ts';
import type { Reply } from './raw-server.ts';
import { failureOf, hear, openStand, question } from './stand.ts';
import { createStillClock } from './still-clock.ts';
import { chatId, conversationId } from './wire-samples.ts';

const never = new AbortController().signal;
const listed = (...data: object[]) => {
  const body = { code: 0, msg: '', data, first_id: '', last_id: '', has_more: false };
  return (reply: Reply) => reply.whole('200 OK', 'application/json', JSON.stringify(body));
};
const asked = (turn_id: string, more: object = { chat_id: chatId }) => ({
  role: 'user',
  type: 'question',
  meta_data: { turn_id },
  ...more,
});

test('a question is found by the name of its turn, among the newest messages of the conversation', async () => {
  const { backend, server } = await openStand(listed(asked('other', { chat_id: '1' }), asked('turn-1')));
  expect(await backend.findQuestion(conversationId, 'turn-1', never)).toEqual({ conversationId, chatId });
  expect(server.requests[0]?.line).toBe(
    `POST /v1/conversation/message/list?conversation_id=${conversationId} HTTP/1.1`,
  );
  expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({ order: 'desc', limit: 50 });
});

test('where it does not name its chat, the answer after it does', async () => {
  const answer = { role: 'assistant', type: 'answer', chat_id: chatId };
  const { backend } = await openStand(listed(answer, asked('turn-1', {})));
  expect(await backend.findQuestion(conversationId, 'turn-1', never)).toEqual({ conversationId, chatId });
});

test.each<[string, object[]]>([
  ['it is not there', [asked('other')]],
  ['nothing is there', []],
  ['nobody names its chat', [asked('turn-1', {})]],
  ['the list is not one', [null as never, 7 as never]],
])('nothing is found when %s', async (_, messages) => {
  const { backend } = await openStand(listed(...messages));
  expect(await backend.findQuestion(conversationId, 'turn-1', never)).toBeUndefined();
});

test('nothing is asked for where Coze keeps nothing', async () => {
  const { backend, server } = await openStand(listed(asked('turn-1')), { saveHistory: false });
  expect(await backend.findQuestion(conversationId, 'turn-1', never)).toBeUndefined();
  expect(server.requests).toEqual([]);
});

test('a conversation that is gone is told', async () => {
  const { backend } = await openStand((reply) => reply.whole('200 OK', 'application/json', '{"code":4002}'));
  const failure = await failureOf(backend.findQuestion(conversationId, 'turn-1', never));
  expect(failure).toMatchObject({ kind: 'gone' });
});

test('the emulator has the question from when it takes it, and its chat', async () => {
  const coze = await startCozeEmulator();
  const settings = { token: 't', botId: '7379462189365198898', baseUrl: coze.url, saveHistory: true };
  const backend = createCozeBackends({ ...settings, clock: createStillClock() })();
  const conversation = await backend.openConversation();
  await hear(backend, never, { ...question, conversationId: conversation });
  const found = await backend.findQuestion(conversation, question.turnId, never);
  expect(found?.chatId).toBe(coze.chats()[0]?.id);
  await coze.close();
});
