/** The questions of this session that have no answer yet: what both halves of the terminal must know. */
export interface Conversation {
  asked(id: string): void;
  answered(id: string | undefined): void;
  readonly isSettled: boolean;
  /** Resolves when everything that was asked has been answered, or when `signal` aborts. */
  settled(signal: AbortSignal): Promise<void>;
  /** Called whenever the last answer is there. */
  onSettled(listener: () => void): void;
}

export function createConversation(): Conversation {
  const open = new Set<string>();
  const listeners = new Set<() => void>();
  return {
    asked: (id) => void open.add(id),
    answered(id) {
      // A question of an earlier session, answered in this one, is not among them.
      if (id === undefined || !open.delete(id) || open.size > 0) return;
      for (const listener of listeners) listener();
    },
    get isSettled() {
      return open.size === 0;
    },
    settled: (signal) =>
      new Promise((resolve) => {
        if (open.size === 0 || signal.aborted) return resolve();
        const end = () => {
          listeners.delete(end);
          signal.removeEventListener('abort', end);
          resolve();
        };
        listeners.add(end);
        signal.addEventListener('abort', end);
      }),
    onSettled: (listener) => void listeners.add(listener),
  };
}
