import type { Client } from 'discord.js';
import type { Clock } from '../../src/core/ports/world.ts';

interface WatchOptions {
  /** How long nothing may come of attempts to connect. */
  readonly silentMs: number;
  readonly clock: Clock;
  /** Aborted: watch no more. */
  readonly signal: AbortSignal;
}

/** No shard's: the client is to be ready. */
const beginning = -1;

/**
 * discord.js waits for ever for the answer to a RESUME: deaf, though its heartbeats are answered. Rejects when that
 * happens; a new client begins a new session.
 */
export function watch(client: Client, { silentMs, clock, signal }: WatchOptions): Promise<never> {
  return new Promise((_, reject) => {
    const missing = new Set([beginning]);
    let waiting = new AbortController();
    // A sign of one shard gives all the others time again: they may wait for each other.
    const restart = () => {
      waiting.abort();
      if (missing.size === 0) return;
      waiting = new AbortController();
      clock
        .sleep(silentMs, AbortSignal.any([signal, waiting.signal]))
        .then(() => reject(new Error('the gateway is silent')))
        .catch(() => undefined);
    };
    const found = (shard: number) => {
      missing.delete(shard);
      restart();
    };
    client.on('shardReconnecting', (shard) => {
      // One attempt after another is no sign that it will be found.
      if (missing.has(shard)) return;
      missing.add(shard);
      restart();
    });
    client.on('shardReady', found);
    client.on('shardResume', found);
    client.once('clientReady', () => found(beginning));
    restart();
  });
}
