import { type Bots, checkBot } from './bots.ts';
import { type Handler, queryId } from './call.ts';
import { parseMessages } from './enter-message.ts';
import { type Fields, isFields, metaData, optional } from './fields.ts';
import { badBody, badParameter, Refusal } from './refusal.ts';
import type { Message, State } from './state.ts';
import { viewConversation } from './views.ts';

/** The routes of `/v1/conversation`. */
export function createConversationRoutes(state: State, bots: Bots | undefined) {
  const create: Handler = ({ body = {}, account }) => {
    if (!isFields(body)) throw badBody();
    const name = optional(body, 'name', 'string') ?? '';
    if (name.length > 100) throw badParameter('name has more than 100 characters');
    const botId = optional(body, 'bot_id', 'string');
    if (botId !== undefined) checkBotOrFail(bots, botId);
    const messages = parseMessages(body, 'messages', true);
    if (messages.length > 16) throw badParameter('messages has more than 16 messages');
    const conversation = state.createConversation(account, name, metaData(body));
    for (const message of messages) state.remember(conversation, message);
    return { json: { data: viewConversation(conversation) } };
  };

  const retrieve: Handler = (call) => {
    const conversation = state.findConversation(queryId(call, 'conversation_id'), call.account);
    return { json: { data: viewConversation(conversation) } };
  };

  /** What was said stays listed, but nobody remembers it. */
  const clear: Handler = ({ param, account }) => {
    const conversation = state.findConversation(param, account);
    conversation.sectionId = state.newId();
    return { json: { data: { id: conversation.sectionId, conversation_id: conversation.id } } };
  };

  const listMessages: Handler = (call) => {
    const { messages } = state.findConversation(queryId(call, 'conversation_id'), call.account);
    return { json: page(messages, call.body ?? {}) };
  };

  return { create, retrieve, clear, listMessages };
}

/** Here a wrong bot is no 4006: Coze answers with its general error. */
function checkBotOrFail(bots: Bots | undefined, botId: string): void {
  try {
    checkBot(bots, botId);
  } catch (cause) {
    throw cause instanceof Refusal ? new Refusal(5000, 'Internal server error') : cause;
  }
}

/** Newest first unless told otherwise; `before_id` and `after_id` are places in that order. */
function page(messages: readonly Message[], body: unknown) {
  if (!isFields(body)) throw badBody();
  const limit = body.limit ?? 50;
  if (typeof limit !== 'number' || limit < 1 || limit > 50) throw badParameter('limit must be 1 to 50');
  const order = optional(body, 'order', 'string') ?? 'desc';
  if (order !== 'asc' && order !== 'desc') throw badParameter('order must be asc or desc');
  const chatId = optional(body, 'chat_id', 'string');

  const ordered = messages.filter((message) => !chatId || message.chat_id === chatId);
  if (order === 'desc') ordered.reverse();
  const before = placeOf(body, 'before_id', ordered);
  const after = placeOf(body, 'after_id', ordered);
  const end = before ?? ordered.length;
  const start = after !== undefined ? after + 1 : before !== undefined ? Math.max(end - limit, 0) : 0;
  const data = ordered.slice(start, Math.min(start + limit, end));
  const more = before !== undefined ? start > 0 : start + data.length < ordered.length;
  return { data, first_id: data[0]?.id ?? '', last_id: data.at(-1)?.id ?? '', has_more: more };
}

function placeOf(body: Fields, name: 'before_id' | 'after_id', messages: readonly Message[]) {
  const id = optional(body, name, 'string');
  if (!id || id === '0') return undefined;
  const place = messages.findIndex((message) => message.id === id);
  if (place < 0) throw badParameter(`${name} is no message of this conversation`);
  return place;
}
