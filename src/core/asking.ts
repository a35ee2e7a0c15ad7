import type { Ending } from './ending.ts';
import { CozeFailed } from './errors.ts';
import { type AskOptions, follow, type OpenConversation } from './following.ts';
import type { ChatRef } from './ports/coze.ts';
import type { Conversation, TurnRecord } from './ports/store.ts';

/**
 * Asks Coze, or goes on with what an earlier attempt asked. It rejects when another attempt may do better (Coze was
 * away and has not taken the question) and when the delivery is lost; everything else is an ending.
 */
export async function askCoze(given: AskOptions): Promise<Ending> {
  const options = { ...given, onChat: adopting(given) };
  const { key, conversations, record, isStopped, cancel } = options;
  try {
    const chat = await chatOf(options);
    const found = await conversations.find(key);
    const isOutdated = chat !== undefined && (record?.generation ?? 0) < found.generation;
    if (isOutdated || (await isStopped())) {
      // It may run since before that, in a process that did not live to stop it.
      if (chat) cancel(chat);
      return { outcome: 'stopped', text: '' };
    }
    return await askAt(await settle(options, found), chat, options);
  } catch (error) {
    if (!(error instanceof CozeFailed) || error.facts.retryable) throw error;
    return { outcome: 'failed', text: '', facts: error.facts };
  }
}

/** The chat that an earlier attempt has begun, also if it did not live to hear of it. */
async function chatOf(options: AskOptions): Promise<ChatRef | undefined> {
  const { record, coze, question, lost, onChat } = options;
  if (!record || record.chat || record.asking === undefined) return record?.chat;
  const chat = await coze
    .findQuestion(record.asking, question.turnId, lost)
    // Where there is no such conversation any more, there is no chat either.
    .catch(unlessGone);
  if (chat) await onChat(chat, record.generation, undefined);
  return chat;
}

function unlessGone(error: unknown): undefined {
  if (!isGone(error)) throw error;
}

/** A given conversation is kept once Coze has taken a question there, and not before: it may not know it. */
function adopting({ key, conversations, question, onChat }: AskOptions): AskOptions['onChat'] {
  const id = question.enclosure?.conversationId;
  if (id === undefined) return onChat;
  return async (chat, generation, logid) => {
    const { conversationId } = await conversations.find(key);
    await conversations.save(key, generation, id, conversationId);
    await onChat(chat, generation, logid);
  };
}

/** The conversation is made before its first question, so that there is always a place to look; or it is the given one. */
async function settle(options: AskOptions, found: Conversation): Promise<OpenConversation> {
  const { key, coze, conversations, question } = options;
  const { generation } = found;
  const conversationId = question.enclosure?.conversationId ?? found.conversationId;
  if (conversationId) return { generation, conversationId };
  const next = await coze.openConversation();
  if (await conversations.save(key, generation, next)) return { generation, conversationId: next };
  // A reset came in between, or another turn that opened one too: the question belongs to what is there now.
  return settle(options, await conversations.find(key));
}

async function askAt(
  place: OpenConversation,
  chat: ChatRef | undefined,
  options: AskOptions,
): Promise<Ending> {
  options.turn.joins(place.generation);
  try {
    return await follow(place, chat, options);
  } catch (error) {
    if (!isGone(error)) throw error;
    // Coze keeps no history, and the reader some of the answer: to ask again would show another one.
    if (chat && hasShown(options.record)) throw new CozeFailed({ ...error.facts, kind: 'cut' });
    if (chat) return askAt(place, undefined, options);
    // Who has named it would take an answer from elsewhere for one that knows what was said there.
    if (options.question.enclosure?.conversationId !== undefined) throw error;
    return askElsewhere(place, options);
  }
}

/** The conversation was deleted at Coze, or belongs to another account: a new one, once. */
async function askElsewhere({ generation, ...gone }: OpenConversation, options: AskOptions): Promise<Ending> {
  const conversationId = await options.coze.openConversation();
  await options.conversations.save(options.key, generation, conversationId, gone.conversationId);
  return follow({ generation, conversationId }, undefined, options);
}

const hasShown = (record: TurnRecord | undefined): boolean => (record?.posted.length ?? 0) > 0;

const isGone = (error: unknown): error is CozeFailed =>
  error instanceof CozeFailed && error.facts.kind === 'gone';
