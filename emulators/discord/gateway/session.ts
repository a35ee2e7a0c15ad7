import { type BotState, isDm } from '../world.ts';
import type { GatewayEvent } from './event.ts';
import { isTold, readsContent } from './intents.ts';

export interface Frame {
  readonly op: number;
  readonly d: unknown;
  readonly s?: number | null;
  readonly t?: string | null;
}

type Send = (frame: Frame) => void;

export type Shard = readonly [id: number, count: number];

/** What one identified client is told, in order. It outlives the connection, so that it can be resumed. */
export interface Session {
  readonly id: string;
  readonly bot: BotState;
  readonly intents: number;
  readonly shard: Shard;
  lastSeq(): number;
  /** When the connection was lost; nothing while there is one. */
  detachedAt(): number | undefined;
  attach(send: Send): void;
  isHeldBy(send: Send): boolean;
  detach(at: number): void;
  dispatch(name: string, data: unknown): void;
  /** Passes the event on if this session's bot, intents and shard have a right to it. */
  offer(event: GatewayEvent): void;
  /** Everything after a sequence number; nothing if it cannot be had any more. */
  after(seq: number): readonly Frame[] | undefined;
}

const keptFrames = 5000;

export function createSession(id: string, bot: BotState, intents: number, shard: Shard): Session {
  let seq = 0;
  let frames: (Frame & { readonly s: number })[] = [];
  let send: Send | undefined;
  let detachedAt: number | undefined;

  function dispatch(name: string, data: unknown) {
    const frame = { op: 0, t: name, s: ++seq, d: data };
    frames.push(frame);
    if (frames.length > 2 * keptFrames) frames = frames.slice(-keptFrames);
    send?.(frame);
  }

  return {
    id,
    bot,
    intents,
    shard,
    lastSeq: () => seq,
    detachedAt: () => detachedAt,
    attach(to) {
      send = to;
      detachedAt = undefined;
    },
    isHeldBy: (other) => send === other,
    detach(at) {
      send = undefined;
      detachedAt = at;
    },
    dispatch,
    offer(event) {
      if (isTold(event, bot, intents) && isOnShard(event, shard))
        dispatch(event.name, event.data(bot, readsContent(intents)));
    },
    after(last) {
      if (last > seq || last < seq - frames.length) return undefined;
      return frames.filter(({ s }) => s > last);
    },
  };
}

export function shardOf(guildId: string, count: number): number {
  return Number((BigInt(guildId) >> 22n) % BigInt(count));
}

// DMs are for the first shard only.
function isOnShard({ channel, guild = channel?.guild }: GatewayEvent, [id, count]: Shard): boolean {
  if (guild !== undefined) return shardOf(guild.id, count) === id;
  return channel === undefined || !isDm(channel) || id === 0;
}
