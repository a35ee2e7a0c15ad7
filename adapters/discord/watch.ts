import type { Client } from 'discord.js';
import type { Clock } from '../../src/core/ports/world.ts';

interface WatchOptions {
  /**
   * How long nothing may come of an attempt to connect. More than the half second after a lost connection in which
   * discord.js cannot be stopped.
   */
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
    const missing = new Map<number, AbortController>();
    const end = (shard: number) => {
      missing.get(shard)?.abort();
      missing.delete(shard);
    };
    const begin = (shard: number) => {
      end(shard);
      const found = new AbortController();
      missing.set(shard, found);
      clock
        .sleep(silentMs, AbortSignal.any([signal, found.signal]))
        .then(() => reject(new Error('the gateway is silent')))
        .catch(() => undefined);
    };
    // One shard after the other begins, so that it may take long before all have.
    const sign = () => missing.has(beginning) && begin(beginning);
    const found = (shard: number) => {
      end(shard);
      sign();
    };
    client.on('shardReconnecting', (shard) => {
      begin(shard);
      sign();
    });
    client.on('shardReady', found);
    client.on('shardResume', found);
    client.once('clientReady', () => end(beginning));
    begin(beginning);
  });
}
