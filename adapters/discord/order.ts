/** Things that are done one after the other, each in a line by name; the lines do not wait for each other. */
export interface Order {
  /** Resolves as `act` does. The line goes on in any case. */
  follow<T>(line: string, act: () => Promise<T>): Promise<T>;
  /** Of several that wait with nothing else between them only the last is done, as one that stands for all. */
  followLast(line: string, act: () => Promise<void>): void;
  /** Nothing is under way any more. */
  empty(): Promise<void>;
}

export function createOrder(): Order {
  const ends = new Map<string, Promise<void>>();
  /** What stands at the end of a line, and may be replaced. */
  const tails = new Map<string, { act: () => Promise<void> }>();

  function follow<T>(line: string, act: () => Promise<T>): Promise<T> {
    tails.delete(line);
    const acted = (ends.get(line) ?? Promise.resolve()).then(act);
    const end = acted
      .catch(() => undefined)
      .then(() => {
        if (ends.get(line) === end) ends.delete(line);
      });
    ends.set(line, end);
    return acted;
  }

  return {
    follow,
    followLast(line, act) {
      const known = tails.get(line);
      if (known) {
        known.act = act;
        return;
      }
      const tail = { act };
      const acted = follow(line, () => {
        if (tails.get(line) === tail) tails.delete(line);
        return tail.act();
      });
      acted.catch(() => undefined);
      tails.set(line, tail);
    },
    async empty() {
      await Promise.all(ends.values());
    },
  };
}
