import type { Call } from './call.ts';
import { integer } from './params.ts';
import { badRequest, forbidden, tooManyRequests } from './refusal.ts';
import type { Params } from './request.ts';
import { type ChatState, findChat } from './world.ts';

/** The chat that a call names, if this bot has ever met it. */
export function knownChat({ world, bot, params }: Call): ChatState {
  const named = params.chat_id ?? '';
  if (named === '') throw badRequest('chat_id is empty');
  const id = named.startsWith('@') ? named.slice(1) : integer(params, 'chat_id');
  const state = id === undefined ? undefined : findChat(world, bot, id);
  if (state === undefined) throw badRequest('chat not found');
  if (state.migratedTo !== undefined) {
    throw badRequest('group chat was upgraded to a supergroup chat', {
      migrate_to_chat_id: state.migratedTo,
    });
  }
  return state;
}

/**
 * The same for a call that Telegram itself has to carry out: it costs budget, and is refused where the bot may not
 * write. What the server refuses on its own before that costs nothing.
 */
export function writableChat(call: Call): ChatState {
  const state = knownChat(call);
  spend(call, state, state.chat.type === 'private' ? 'private' : 'group');
  requireMembership(call, state);
  return state;
}

/** The same for a draft, which has a budget of its own. */
export function draftableChat(call: Call): ChatState {
  const state = knownChat(call);
  spend(call, state, 'drafts');
  requireMembership(call, state);
  return state;
}

/** The same for a call that only reads: it costs nothing. */
export function readableChat(call: Call): ChatState {
  const state = knownChat(call);
  requireMembership(call, state);
  return state;
}

function spend(call: Call, state: ChatState, kind: 'private' | 'group' | 'drafts'): void {
  const tooMany = call.world.limiter.take(call.bot.user.id, state.chat.id, kind);
  if (tooMany === undefined) return;
  call.duringPenalty = tooMany.duringPenalty;
  throw tooManyRequests(tooMany.retryAfterSeconds);
}

function requireMembership({ bot }: Call, state: ChatState): void {
  const status = state.members.get(bot.user.id)?.status;
  const { type } = state.chat;
  if (state.accountDeleted) throw forbidden('user is deactivated');
  if (status === 'kicked' && type === 'private') throw forbidden('bot was blocked by the user');
  if (status === 'kicked') throw forbidden(`bot was kicked from the ${type} chat`);
  if (status === 'left') throw forbidden(`bot is not a member of the ${type} chat`);
}

/** The topic or reply thread that a send names. */
export function threadFor(state: ChatState, params: Params): number | undefined {
  const id = integer(params, 'message_thread_id');
  if (id === undefined || id === 0) return undefined;
  const topic = state.topics.get(id);
  // The General topic has the id 1 in the apps, but a send must not name it.
  const isReplyThread = state.chat.type === 'supergroup' && !state.chat.is_forum && isThere(state, id);
  if (topic === undefined && !isReplyThread) throw badRequest('message thread not found');
  return id;
}

/** The thread that a call names, if the bot may write there. */
export function openThread({ bot, params }: Call, state: ChatState): number | undefined {
  const threadId = threadFor(state, params);
  const closed = threadId !== undefined && state.topics.get(threadId)?.closed === true;
  if (closed && state.members.get(bot.user.id)?.status !== 'administrator') throw badRequest('TOPIC_CLOSED');
  return threadId;
}

export function isThere(state: ChatState, id: number): boolean {
  return state.messages.get(id)?.deleted === false;
}
