import { EventEmitter } from 'node:events';
import type { Client } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { watch } from '../../../adapters/discord/watch.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const silentMs = 60_000;

/** A client that is watched; `say` is what discord.js tells of a shard. */
function startWatch({ ready = true } = {}) {
  const clock = createFakeClock();
  const client = new EventEmitter();
  const over = new AbortController();
  const seen = { failed: '' };
  watch(client as unknown as Client, { silentMs, clock, signal: over.signal }).catch(({ message }: Error) => {
    seen.failed = message;
  });
  const say = (event: string, shard = 0) => client.emit(event, shard);
  if (ready) say('clientReady');
  return { clock, say, seen, end: () => over.abort() };
}

describe('the watch over a connection', () => {
  test('ends it when nothing comes of an attempt to resume, and not before', async () => {
    const { clock, say, seen } = startWatch();
    await clock.advance(10 * silentMs);
    say('shardReconnecting');
    await clock.advance(silentMs - 1);
    expect(seen.failed).toBe('');
    await clock.advance(1);
    expect(seen.failed).toBe('the gateway is silent');
  });

  test.each(['shardResume', 'shardReady'])('leaves alone what is found again (%s)', async (event) => {
    const { clock, say, seen } = startWatch();
    say('shardReconnecting');
    say('shardReconnecting', 1);
    await clock.advance(silentMs / 2);
    say(event);
    say(event, 1);
    await clock.advance(10 * silentMs);
    expect(seen.failed).toBe('');
  });

  test('lets another shard give it time, and no more', async () => {
    const { clock, say, seen } = startWatch();
    say('shardReconnecting');
    await clock.advance(silentMs - 1);
    say('shardReady', 1);
    await clock.advance(silentMs - 1);
    expect(seen.failed).toBe('');
    await clock.advance(1);
    expect(seen.failed).not.toBe('');
  });

  test('gives no time to one attempt after another', async () => {
    const { clock, say, seen } = startWatch();
    for (let attempt = 0; attempt < 10; attempt++) {
      say('shardReconnecting');
      await clock.advance(silentMs / 10 - 1);
    }
    expect(seen.failed).toBe('');
    await clock.advance(10);
    expect(seen.failed).toBe('the gateway is silent');
  });

  test('waits for the beginning of all shards as long as there are signs, and no longer', async () => {
    const { clock, say, seen } = startWatch({ ready: false });
    for (const event of ['shardReconnecting', 'shardReady', 'shardResume'])
      for (let times = 0; times < 10; times++) {
        await clock.advance(silentMs - 1);
        say(event, event === 'shardReconnecting' ? times : 0);
      }
    expect(seen.failed).toBe('');
    await clock.advance(silentMs);
    expect(seen.failed).not.toBe('');
  });

  test('ends with what it watches', async () => {
    const { clock, say, seen, end } = startWatch({ ready: false });
    end();
    say('shardReconnecting');
    await clock.advance(10 * silentMs);
    expect(seen.failed).toBe('');
  });
});
