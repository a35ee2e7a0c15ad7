/** What is put comes out in its order, as soon as somebody wants it, until the signal aborts. For one reader. */
export interface Queue<T> extends AsyncIterable<T> {
  put(item: T): void;
}

export function createQueue<T>(signal: AbortSignal): Queue<T> {
  const items: T[] = [];
  let wake = () => {};
  const onAbort = () => wake();
  return {
    put(item) {
      items.push(item);
      wake();
    },
    async *[Symbol.asyncIterator]() {
      signal.addEventListener('abort', onAbort);
      try {
        while (!signal.aborted) {
          const item = items.shift();
          if (item !== undefined) yield item;
          else
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
        }
      } finally {
        signal.removeEventListener('abort', onAbort);
      }
    },
  };
}
