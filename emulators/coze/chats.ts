import { type Bots, checkBot } from './bots.ts';
import { type AuthorizedCall, type Handler, queryId, type Reply } from './call.ts';
import { type ChatRequest, parseChatRequest } from './chat-request.ts';
import type { Dialect } from './dialect.ts';
import { isFields, required } from './fields.ts';
import type { Pace } from './pace.ts';
import { perform } from './perform.ts';
import { toQuestion } from './question.ts';
import { badBody, badParameter, Refusal } from './refusal.ts';
import type { Brain } from './script.ts';
import { type Chat, free, type State, settle } from './state.ts';
import { unordered, viewChat } from './views.ts';
import { nobody, type Outlet } from './wire.ts';

export interface ChatRoutesOptions {
  readonly state: State;
  readonly bots: Bots | undefined;
  readonly dialect: Dialect;
  readonly pace: Pace;
  readonly signal: AbortSignal;
  /** Throws when this account asks too often. */
  limitRate(account: string): void;
  /** Decides what the next chat does. */
  readonly think: Brain;
}

/** The routes of `/v3/chat`. */
export function createChatRoutes(options: ChatRoutesOptions) {
  const { state, dialect } = options;

  const ask: Handler = (call) => {
    options.limitRate(call.account);
    const request = parseChatRequest(call.body, dialect.streamByDefault);
    checkBot(options.bots, request.botId);
    const play = begin(call, request);
    if (request.stream) return { stream: play.with };
    play.with(nobody);
    return { json: { data: viewChat(play.chat, dialect) } };
  };

  /** Takes the question into the conversation; the run starts when it is given its outlet. */
  function begin({ query, account }: AuthorizedCall, request: ChatRequest) {
    const conversation = findOrCreateConversation(query.conversation_id, account, request);
    const { botId, metaData, saved } = request;
    const context = state.remembered(conversation);
    const chat = state.createChat({ conversation, botId, metaData, saved });
    const question = toQuestion(chat, request, context, state.chats.size);
    if (saved) for (const message of request.messages) state.remember(conversation, message, chat);
    const script = options.think(question);
    const read = [...question.context, question].reduce((sum, { text }) => sum + text.length, 0);
    return {
      chat,
      with: (outlet: Outlet) =>
        void perform({ ...options, chat, script, outlet, read }).catch((error: unknown) => {
          if (options.signal.aborted) return;
          settle(chat, 'failed');
          throw error;
        }),
    };
  }

  function findOrCreateConversation(id: string | undefined, account: string, request: ChatRequest) {
    if (id !== undefined && !/^\d*$/.test(id)) throw badParameter('conversation_id is not an id');
    const known = id ? state.findConversation(id, account) : undefined;
    if (known?.occupant && dialect.oneChatAtATime)
      throw new Refusal(4016, 'Another chat of this conversation is still running: wait or use another one');
    if (request.messages.length === 0 && (!known || state.remembered(known).length === 0))
      throw badParameter('additional_messages is required in a new conversation');
    return known ?? state.createConversation(account);
  }

  function findSaved(call: AuthorizedCall): Chat {
    const chat = state.findChat(queryId(call, 'conversation_id'), queryId(call, 'chat_id'), call.account);
    if (!chat.saved) throw new Refusal(4001, 'The chat does not exist');
    return chat;
  }

  const retrieve: Handler = (call): Reply => ({ json: { data: viewChat(findSaved(call), dialect) } });

  /** A failed chat has no list: `data` is not even an array there. */
  const listMessages: Handler = (call): Reply => {
    const { status, messages } = findSaved(call);
    return { json: { data: status === 'failed' ? null : unordered(messages) } };
  };

  /** The status changes at once and the conversation is free; the stream flows on. */
  const cancel: Handler = ({ body, account }) => {
    if (!isFields(body)) throw badBody();
    const chat = state.findChat(required(body, 'conversation_id'), required(body, 'chat_id'), account);
    if (['completed', 'failed', 'requires_action'].includes(chat.status))
      throw new Refusal(4104, `The chat cannot be cancelled any more: it is ${chat.status}`);
    chat.status = 'canceled';
    free(chat);
    return { json: { data: viewChat(chat, dialect) } };
  };

  return { ask, retrieve, listMessages, cancel };
}
