import type { SimpleShardingStrategy, WebSocketOptions } from 'discord.js';
import { backOffMs } from '../../src/core/back-off.ts';
import type { Clock } from '../../src/core/ports/world.ts';
import { frameOf } from './frame.ts';
import { cutUnlessOpen, keepHeard, type Socket } from './socket.ts';
import type { Starts } from './starts.ts';

/** What a shard of discord.js has besides its types. */
interface Shard {
  readonly id: number;
  readonly status: number;
  readonly connection: Socket | null;
  on(event: 'ready' | 'resumed', listener: () => void): void;
  on(event: 'closed', listener: (closed: { readonly code: number }) => void): void;
  internalConnect(): Promise<void>;
  destroy(options?: { readonly recover?: number }): Promise<void>;
  onMessage(sent: unknown, isBinary: boolean): Promise<void>;
  unpackMessage(sent: unknown, isBinary: boolean): Promise<unknown>;
  heartbeat(requested?: boolean): Promise<void>;
}

/** The status of a shard at work. */
const ready = 3;
/** More was sent than a connection may send in a minute. */
const rateLimited = 4_008;

/** How often a shard tries to come back before a new client begins anew, from another address perhaps. */
const mostTries = 5;
const longestWaitMs = 8_000;
const goodbyeMs = 3_000;

interface ShardsOptions {
  readonly starts: Starts;
  readonly clock: Clock;
  /** Hears of what went wrong in a shard, and is of no consequence. */
  readonly tell: (error: unknown) => void;
  /** Hears that the client is of no more use. */
  readonly fail: (error: Error) => void;
}

type Library = { readonly SimpleShardingStrategy: typeof SimpleShardingStrategy };

/**
 * The options that make the shards of discord.js sturdy: by themselves they end the process over a frame that they
 * cannot read or a line that fails when they have left it, try for ever and without a pause to resume where nobody answers, and begin sessions as often as they are
 * sent away.
 */
export function sturdyShards(discord: Library, options: ShardsOptions): WebSocketOptions {
  return {
    buildStrategy(manager) {
      const strategy = new discord.SimpleShardingStrategy(manager);
      const spawn = strategy.spawn.bind(strategy);
      strategy.spawn = async (ids) => {
        await spawn(ids);
        const { shards } = strategy as unknown as { readonly shards: ReadonlyMap<number, Shard> };
        for (const shard of shards.values()) strengthen(shard, options);
      };
      return strategy;
    },
    buildIdentifyThrottler: async (manager) => {
      const lanes = await lanesOf(manager);
      return {
        waitForIdentify: (id, signal) => options.starts.wait({ id, lane: id % lanes }, options.fail, signal),
      };
    },
  };
}

type WebSocketManager = Parameters<NonNullable<WebSocketOptions['buildStrategy']>>[0];

const lanesOf = async (manager: WebSocketManager): Promise<number> =>
  (await manager.fetchGatewayInformation()).session_start_limit.max_concurrency;

function strengthen(shard: Shard, options: ShardsOptions): void {
  const { starts, tell } = options;
  const { unpackMessage, onMessage, heartbeat } = bound(shard);
  shard.unpackMessage = async (sent, isBinary) =>
    frameOf(await unpackMessage(sent, isBinary), shard.status === ready);
  // Nobody waits for these two.
  shard.onMessage = (sent, isBinary) => onMessage(sent, isBinary).catch(tell);
  shard.heartbeat = (requested) => heartbeat(requested).catch(tell);
  shard.on('closed', ({ code }) => {
    if (code === rateLimited) starts.hold(60_000);
  });
  keepHeard(shard);
  countTries(shard, options);
  limitGoodbye(shard, options);
}

function countTries(shard: Shard, { clock, fail }: ShardsOptions): void {
  const { internalConnect } = bound(shard);
  let tries = 0;
  const found = () => {
    tries = 0;
  };
  shard.on('ready', found);
  shard.on('resumed', found);
  shard.internalConnect = async () => {
    if (tries > mostTries) return fail(new Error('the gateway does not take its connection back'));
    // discord.js itself waits for half a second.
    if (tries > 1) await clock.sleep(backOffMs(tries - 2, longestWaitMs), neverAborted);
    tries += 1;
    await internalConnect().catch(fail);
  };
}

const neverAborted = new AbortController().signal;

/** Who does not answer a goodbye would hold the shard for half a minute. */
function limitGoodbye(shard: Shard, { clock }: ShardsOptions): void {
  const { destroy } = bound(shard);
  let waiting = new AbortController();
  shard.on('closed', () => waiting.abort());
  shard.destroy = (options) => {
    const { connection } = shard;
    if (connection && !cutUnlessOpen(connection)) {
      waiting = new AbortController();
      clock.sleep(goodbyeMs, waiting.signal).then(
        () => connection.terminate(),
        () => undefined,
      );
    }
    return destroy(options);
  };
}

const bound = (shard: Shard) => ({
  unpackMessage: shard.unpackMessage.bind(shard),
  onMessage: shard.onMessage.bind(shard),
  heartbeat: shard.heartbeat.bind(shard),
  internalConnect: shard.internalConnect.bind(shard),
  destroy: shard.destroy.bind(shard),
});
