import type { Ending } from './ending.ts';
import { CozeFailed } from './errors.ts';
import { type AskOptions, follow, type Place } from './following.ts';
import type { Conversation } from './ports/store.ts';

/**
 * Asks Coze, or goes on with what an earlier attempt asked. It rejects when another attempt may do better (Coze was
 * away and has not taken the question) and when the delivery is lost; everything else is an ending.
 */
export async function askCoze(options: AskOptions): Promise<Ending> {
  const { key, conversations, record, isStopped, cancel } = options;
  try {
    const found = await conversations.find(key);
    const isOutdated = record?.chat !== undefined && record.generation < found.generation;
    if (isOutdated || (await isStopped())) {
      // It may run since before that, in a process that did not live to stop it.
      if (record?.chat) cancel(record.chat);
      return { outcome: 'stopped', text: '' };
    }
    return await askAt(await settle(options, found), options);
  } catch (error) {
    if (!(error instanceof CozeFailed) || error.facts.retryable) throw error;
    return { outcome: 'failed', text: '', facts: error.facts };
  }
}

/** The conversation is made before its first question, so that there is always a place to look. */
async function settle(
  options: Pick<AskOptions, 'key' | 'coze' | 'conversations'>,
  found: Conversation,
): Promise<Place> {
  const { generation, conversationId } = found;
  if (conversationId) return { generation, conversationId };
  const opened = await options.coze.openConversation();
  if (await options.conversations.save(options.key, generation, opened))
    return { generation, conversationId: opened };
  // A reset came in between: the question belongs to the conversation after it.
  return settle(options, await options.conversations.find(options.key));
}

async function askAt(place: Place, options: AskOptions): Promise<Ending> {
  const { key, coze, conversations, turn } = options;
  turn.joins(place.generation);
  try {
    return await follow(place, options);
  } catch (error) {
    if (!(error instanceof CozeFailed && error.facts.kind === 'gone')) throw error;
    // The conversation was deleted at Coze, or belongs to another account: a new one, once.
    const conversationId = await coze.openConversation();
    await conversations.save(key, place.generation, conversationId);
    return await follow({ ...place, conversationId }, { ...options, record: undefined });
  }
}
