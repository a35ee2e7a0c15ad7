import type { OpenRecord } from './requests.ts';
import type { Conversation, State } from './state.ts';

/**
 * Forgets what is older than that: requests, chats that have ended, and what was said in them. Whoever asks for hours
 * would fill the memory.
 */
export function forget(state: State, requests: OpenRecord[], olderThanMs: number): void {
  const before = Date.now() - olderThanMs;
  const fresh = requests.findIndex(({ at }) => at >= before);
  requests.splice(0, fresh < 0 ? requests.length : fresh);
  const touched = new Set<Conversation>();
  for (const { id, endedAt = Number.POSITIVE_INFINITY, conversation } of state.chats.values()) {
    if (endedAt * 1_000 >= before) continue;
    state.chats.delete(id);
    touched.add(conversation);
  }
  for (const { messages } of touched) {
    const kept = messages.filter(({ chat_id }) => chat_id === undefined || state.chats.has(chat_id));
    messages.splice(0, messages.length, ...kept);
  }
}
