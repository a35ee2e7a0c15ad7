import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { Grant } from '../../src/coze/grant.ts';
import { createLasting } from '../../src/coze/lasting.ts';
import { createOAuthTokens } from '../../src/coze/oauth.ts';
import { createStillClock } from './still-clock.ts';

const hourMs = 3_600_000;

/** Tokens that are counted: `a1` is the first of session a. */
function createRig(lifeMs = hourMs) {
  const clock = createStillClock();
  const fetched: string[] = [];
  const failures: Error[] = [];
  let gate: Promise<unknown> = Promise.resolve();
  const tokensOf = createOAuthTokens(clock, async (session = ''): Promise<Grant> => {
    const token = `${session}${fetched.filter((other) => other.startsWith(session)).length + 1}`;
    fetched.push(token);
    await gate;
    const failure = failures.shift();
    if (failure) throw failure;
    return { token, lifeMs, endsAt: clock.now() + lifeMs };
  });
  return {
    clock,
    fetched,
    tokensOf,
    tokens: tokensOf('a'),
    failNext: (error = new Error('away')) => void failures.push(error),
    /** Fetching takes until the promise is kept. */
    hold: (until: Promise<unknown>) => {
      gate = until;
    },
  };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a token', () => {
  test('is fetched once for a hundred who ask at once, and kept', async () => {
    const { tokens, tokensOf, fetched } = createRig();
    const all = await Promise.all(Array.from({ length: 100 }, () => tokensOf('a').take()));
    expect(new Set(all)).toEqual(new Set(['a1']));
    expect(await tokens.take()).toBe('a1');
    expect(fetched).toEqual(['a1']);
  });

  test('is that of its session', async () => {
    const { tokensOf, fetched } = createRig();
    const sessions = ['a', 'b', undefined];
    for (const _ of [1, 2]) {
      expect(await Promise.all(sessions.map((name) => tokensOf(name).take()))).toEqual(['a1', 'b1', '3']);
    }
    expect(fetched).toHaveLength(3);
  });

  test('is replaced a minute before it ends, and nobody waits for the new one', async () => {
    const { tokens, clock, fetched, hold } = createRig();
    await tokens.take();
    clock.advance(hourMs - 60_001);
    expect(await tokens.take()).toBe('a1');
    expect(fetched).toEqual(['a1']);
    hold(new Promise(() => {}));
    clock.advance(1);
    expect(await tokens.take()).toBe('a1');
    expect(await tokens.take()).toBe('a1');
    expect(fetched).toEqual(['a1', 'a2']);
  });

  test('is used no more once it has been replaced', async () => {
    const { tokens, clock } = createRig();
    await tokens.take();
    clock.advance(hourMs - 60_000);
    await tokens.take();
    await settled();
    expect(await tokens.take()).toBe('a2');
  });

  test('goes on until its end when no new one can be had, which is tried every 10 s', async () => {
    const { tokens, clock, fetched, failNext } = createRig();
    await tokens.take();
    clock.advance(hourMs - 60_000);
    for (const [tries, wait] of [
      [2, 9_999],
      [2, 1],
      [3, 0],
    ] as const) {
      failNext();
      for (const _ of [1, 2, 3]) {
        expect(await tokens.take()).toBe('a1');
        await settled();
      }
      expect(fetched).toHaveLength(tries);
      clock.advance(wait);
    }
  });

  test('is waited for once it has ended, and its failure is told', async () => {
    const { tokens, clock, failNext } = createRig();
    await tokens.take();
    clock.advance(hourMs);
    failNext(new Error('refused'));
    await expect(tokens.take()).rejects.toThrow('refused');
    expect(await tokens.take()).toBe('a3');
  });

  test('with a short life is not replaced at once', async () => {
    const { tokens, clock, fetched } = createRig(40_000);
    await tokens.take();
    clock.advance(29_999);
    await tokens.take();
    expect(fetched).toEqual(['a1']);
    clock.advance(1);
    await tokens.take();
    expect(fetched).toEqual(['a1', 'a2']);
  });

  test('that Coze refuses is forgotten, by its session only, and replaced once for all', async () => {
    const { tokens, tokensOf, fetched } = createRig();
    await Promise.all([tokens.take(), tokensOf('b').take()]);
    const all = await Promise.all(
      Array.from({ length: 100 }, () => {
        expect(tokens.reject('a1')).toBe(true);
        return tokens.take();
      }),
    );
    expect(new Set(all)).toEqual(new Set(['a2']));
    // Whoever hears late that the old one was refused takes nothing from those who have the new one.
    expect(tokens.reject('a1')).toBe(true);
    expect(await tokens.take()).toBe('a2');
    expect(await tokensOf('b').take()).toBe('b1');
    expect(fetched).toEqual(['a1', 'b1', 'a2']);
  });

  test('is not waited for by those who go, and still comes to the others', async () => {
    const { tokens, hold, fetched } = createRig();
    let open = () => {};
    hold(
      new Promise<void>((resolve) => {
        open = resolve;
      }),
    );
    const reason = new Error('stopped');
    const stop = new AbortController();
    const going = tokens.take(stop.signal);
    const { signal } = new AbortController();
    const staying = tokens.take(signal);
    stop.abort(reason);
    await expect(going).rejects.toBe(reason);
    open();
    expect(await staying).toBe('a1');
    await settled();
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    await expect(tokens.take(AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(fetched).toEqual(['a1']);
  });
});

test('what has ended takes no room', () => {
  const clock = createStillClock();
  const lasting = createLasting<number, { readonly endsAt: number }>(clock);
  for (let second = 0; second < 1_000; second += 1) {
    lasting.put(second, { endsAt: clock.now() + 10_000 });
    clock.advance(1_000);
  }
  expect(lasting.size).toBe(10);
  expect(lasting.get(995)).toBeDefined();
});

test('what is put in again lasts on, and hides nothing that has ended', () => {
  const clock = createStillClock();
  const lasting = createLasting<string, { readonly endsAt: number }>(clock);
  for (const key of ['a', 'b', 'a']) {
    lasting.put(key, { endsAt: clock.now() + 10_000 });
    clock.advance(4_000);
  }
  clock.advance(3_000);
  lasting.put('c', { endsAt: clock.now() + 10_000 });
  expect(['a', 'b', 'c'].filter((key) => lasting.get(key))).toEqual(['a', 'c']);
});
