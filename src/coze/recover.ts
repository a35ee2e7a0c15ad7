import { CozeFailed } from '../core/errors.ts';
import type { Answer, ChatRef } from '../core/ports/coze.ts';
import { createAnswerText } from './answer-text.ts';
import { call } from './call.ts';
import { canceledChat, cut, failedChat, usageOf, waitingChat } from './endings.ts';
import { requireId } from './ids.ts';
import { type Loose, loose } from './loose.ts';
import type { Access } from './wire.ts';

/** Fetches the answer of a chat; see `CozeBackend.recover`. Not by the SDK's own polling, which cannot be stopped. */
export async function recover(access: Access, chat: ChatRef, signal: AbortSignal): Promise<Answer> {
  const { clock, limits } = access;
  const until = clock.now() + limits.recoverForMs;
  let failures = 0;
  for (;;) {
    try {
      const answer = await lookFor(access, chat, signal);
      if (answer) return answer;
      failures = 0;
    } catch (error) {
      failures += 1;
      const passing = error instanceof CozeFailed && error.facts.retryable;
      if (!passing || failures > limits.recoverFailures) throw error;
    }
    if (clock.now() >= until) throw cut(`the chat still ran after ${limits.recoverForMs} ms`);
    await clock.sleep(limits.recoverPollMs, signal);
  }
}

/** The answer, if there is one yet. */
async function lookFor(access: Access, chat: ChatRef, signal: AbortSignal): Promise<Answer | undefined> {
  const state = await retrieve(access, chat, signal);
  if (!isOver(state)) return undefined;
  const answer = await answerOf(access, chat, signal);
  if (state.status !== 'completed' && !answer.text) throw waitingChat();
  const usage = usageOf(state);
  return { ...answer, ...(usage && { usage }) };
}

/** Whether the chat says no more. Throws when it will have no answer. */
function isOver(chat: Loose): boolean {
  switch (chat.status) {
    case 'completed':
    case 'requires_action':
    case 'required_action':
      return true;
    case 'failed':
    case 'expired':
      throw failedChat(chat, undefined);
    case 'canceled':
    case 'cancelled':
      throw canceledChat();
    default:
      return false;
  }
}

async function retrieve(
  access: Access,
  { conversationId, chatId }: ChatRef,
  signal: AbortSignal,
): Promise<Loose> {
  const ids = [requireId(conversationId), requireId(chatId)] as const;
  const chat: unknown = await call(access, (coze) => coze.chat.retrieve(...ids), signal);
  return loose(chat) ?? {};
}

async function answerOf(
  access: Access,
  { conversationId, chatId }: ChatRef,
  signal: AbortSignal,
): Promise<Omit<Answer, 'usage'>> {
  const list: unknown = await call(access, (coze) => coze.chat.messages.list(conversationId, chatId), signal);
  if (!Array.isArray(list)) {
    throw new CozeFailed({
      kind: 'failed',
      said: 'the messages of the chat are not a list',
      retryable: false,
    });
  }
  const answer = createAnswerText();
  const messages = list.map(loose).filter((message) => message !== undefined);
  // The list is in no order, and ids are in none either. Sorting keeps the order of what came at the same second.
  for (const message of messages.toSorted(byTime)) answer.complete(message);
  return answer.whole;
}

function byTime(one: Loose, other: Loose): number {
  return Number(one.created_at ?? 0) - Number(other.created_at ?? 0);
}
