import { EventEmitter } from 'node:events';
import type { SimpleShardingStrategy } from 'discord.js';
import { expect, test } from 'vitest';
import { sturdyShards } from '../../../adapters/discord/shards.ts';
import { createStarts } from '../../../adapters/discord/starts.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

/** What a shard of discord.js has, with a line that is open and does not answer. */
class Shard extends EventEmitter {
  readonly id = 0;
  readonly status = 3;
  readonly connection = {
    readyState: 1,
    isTerminated: false,
    terminate() {
      this.isTerminated = true;
    },
  };
  connects = 0;
  async internalConnect() {
    this.connects += 1;
  }
  async destroy() {}
  async onMessage() {
    throw new TypeError('Cannot read properties of null');
  }
  async unpackMessage() {}
  async heartbeat() {
    throw new Error('WebSocket is not open');
  }
}

async function startShard() {
  const clock = createFakeClock();
  const shard = new Shard();
  const strategy = { shards: new Map([[0, shard]]), spawn: async () => {} };
  const library = {
    SimpleShardingStrategy: class {
      constructor() {
        Object.assign(this, strategy);
      }
    },
  };
  const told: unknown[] = [];
  const failed: Error[] = [];
  const { buildStrategy } = sturdyShards(
    library as unknown as { SimpleShardingStrategy: typeof SimpleShardingStrategy },
    {
      starts: createStarts(clock),
      clock,
      tell: (error) => told.push(error),
      fail: (error) => failed.push(error),
    },
  );
  await (buildStrategy as unknown as (manager: unknown) => { spawn(ids: number[]): Promise<void> })({}).spawn(
    [0],
  );
  return { clock, shard, told, failed };
}

test('a line that does not answer a goodbye is cut', async () => {
  const { clock, shard } = await startShard();
  await shard.destroy();
  await clock.advance(2_999);
  expect(shard.connection.isTerminated).toBe(false);
  await clock.advance(1);
  expect(shard.connection.isTerminated).toBe(true);
});

test('a line that does answer is not', async () => {
  const { clock, shard } = await startShard();
  await shard.destroy();
  shard.emit('closed', { code: 1_000 });
  await clock.advance(10_000);
  expect(shard.connection.isTerminated).toBe(false);
});

test('what goes wrong where nobody waits for it is told', async () => {
  const { shard, told } = await startShard();
  await shard.onMessage();
  await shard.heartbeat();
  expect(told).toHaveLength(2);
});

test('it connects again later each time, and at last no more; once it was found, as at first', async () => {
  const { clock, shard, failed } = await startShard();
  for (const _ of [1, 2]) {
    const times: number[] = [];
    const before = shard.connects;
    for (let nth = 0; nth < 6; nth++) {
      const at = clock.now();
      const connected = shard.internalConnect();
      await clock.advance(8_000);
      await connected;
      times.push(clock.now() - at);
    }
    expect(shard.connects - before).toBe(6);
    expect(failed).toEqual([]);
    shard.emit('resumed');
    expect(times).toHaveLength(6);
  }
  for (let nth = 0; nth < 7; nth++) {
    const connected = shard.internalConnect();
    await clock.advance(8_000);
    await connected;
  }
  expect(failed).toMatchObject([{ message: 'the gateway does not take its connection back' }]);
});
