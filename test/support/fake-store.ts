import { DeliveryLost } from '../../src/core/errors.ts';
import type { InboundMessage } from '../../src/core/message.ts';
import type { Posts } from '../../src/core/ports/posts.ts';
import type {
  Conversation,
  ConversationStore,
  Delivery,
  Suggestions,
  TurnRecord,
} from '../../src/core/ports/store.ts';

/** The conversation store in memory, for tests of what stands above it; the real ones have the contract suite. */
export function createFakeConversations(): ConversationStore {
  const kept = new Map<string, Conversation>();
  const resets = new Set<string>();
  const find = (key: string): Conversation => kept.get(key) ?? { generation: 0 };
  return {
    find: async (key) => find(key),
    async save(key, generation, conversationId, replaces) {
      const now = find(key);
      if (now.generation !== generation) return false;
      if (now.conversationId !== undefined && now.conversationId !== replaces) return false;
      kept.set(key, { ...now, conversationId });
      return true;
    },
    async reset(key, resetId) {
      const { generation, conversationId, discarded } = find(key);
      if (resets.has(`${key} ${resetId}`)) return find(key);
      resets.add(`${key} ${resetId}`);
      const old = conversationId ?? discarded;
      kept.set(key, { generation: generation + 1, ...(old && { discarded: old }) });
      return find(key);
    },
    keepFor: async () => {},
    claim: async (id, key) => [...kept].find(([, { conversationId }]) => conversationId === id)?.[0] ?? key,
    async forgetDiscarded(key, conversationId) {
      const { discarded, ...rest } = find(key);
      if (discarded === conversationId) kept.set(key, rest);
    },
  };
}

/** Suggestions in memory. */
export function createFakeSuggestions(): Suggestions {
  const kept = new Map<string, readonly string[]>();
  return {
    keep: async (turn, questions) => void kept.set(turn, questions),
    find: async (turn) => kept.get(turn) ?? [],
  };
}

/** Known posts in memory, for as long as a test takes. */
export function createFakePosts(): Posts {
  const kept: { counter: string; channel: string; id: string; name?: string }[] = [];
  const claims = new Map<string, string>();
  const at = ({ channel }: { readonly channel: string }, id: string) => `${channel} ${id}`;
  const inCounter = ({ channel }: { readonly channel: string }) =>
    kept.filter(({ counter }) => counter === channel);
  return {
    async keep({ channel: counter }, channel, name, id) {
      if ((claims.get(at(channel, id)) ?? name) !== name) return false;
      kept.unshift({ counter, channel: channel.channel, id, name });
      claims.set(at(channel, id), name);
      return true;
    },
    async heard({ channel: counter }, { channel }, id) {
      kept.unshift({ counter, channel, id });
    },
    idOf: async (counter, name) => inCounter(counter).find((post) => post.name === name)?.id,
    async newest(counter) {
      const ids = inCounter(counter).map(({ id }) => Number(id));
      return ids.length > 0 ? String(Math.max(...ids)) : undefined;
    },
    async known(counter, { channel }, ids) {
      const known = inCounter(counter).filter(({ id }) => ids.includes(id));
      const here = known.filter((post) => post.channel === channel);
      return new Map([
        ...known.map(({ id }) => [id, 'elsewhere'] as const),
        ...here.map(({ id }) => [id, 'here'] as const),
      ]);
    },
    async claim(channel, name, id) {
      const first = claims.get(at(channel, id)) ?? name;
      claims.set(at(channel, id), first);
      return first === name;
    },
    async release(channel, name, id) {
      if (claims.get(at(channel, id)) === name) claims.delete(at(channel, id));
    },
  };
}

export interface FakeDelivery extends Delivery {
  readonly notes: readonly TurnRecord[];
  lose(): void;
  /** As when `Mailbox.stop` is called for it. */
  stop(): void;
}

export function createDelivery(
  message: InboundMessage,
  more: Partial<Pick<Delivery, 'record' | 'attempt' | 'key' | 'before'>> = {},
): FakeDelivery {
  const notes: TurnRecord[] = [];
  const lost = new AbortController();
  let stopped = false;
  return {
    key: 'key',
    message,
    attempt: 1,
    record: undefined,
    before: async () => undefined,
    ...more,
    lost: lost.signal,
    assertHeld: () => lost.signal.throwIfAborted(),
    notes,
    isStopped: async () => stopped,
    stop() {
      stopped = true;
    },
    lose: () => lost.abort(new DeliveryLost('lost')),
    async note(record) {
      lost.signal.throwIfAborted();
      notes.push(record);
    },
  };
}
