import type { Clock } from '../../src/core/ports/world.ts';

/** Between two sessions that are begun, as Discord wants it (topics/gateway), and a little more. */
const leastGapMs = 5_250;
const longestGapMs = 120_000;
const hourMs = 3_600_000;
/** So many sessions an hour are nothing unusual. */
const usual = 3;

/** For a longer wait a connection is not kept open. */
const patienceMs = 10_000;

/** Sessions that this bot begins: Discord gives it 1,000 a day, and takes its token away when it wants more. */
export interface Starts {
  /** Before a shard begins a session. The longer the more have been begun; `tooSoon` is told when it is too long. */
  wait(shard: Shard, tooSoon: (error: TooSoon) => void, signal: AbortSignal): Promise<void>;
  /** None is begun for so long. */
  hold(ms: number): void;
}

interface Shard {
  readonly id: number;
  /** Shards of the same lane begin one after the other. */
  readonly lane: number;
}

/** No session may be begun for a while. */
export class TooSoon extends Error {
  override readonly name = 'TooSoon';
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number) {
    super('too many sessions have been begun');
    this.retryAfterMs = retryAfterMs;
  }
}

export function createStarts(clock: Clock): Starts {
  const lanes = new Map<number, number>();
  const begun = new Map<number, number[]>();
  let heldUntil = 0;

  const lately = (shard: number) => (begun.get(shard) ?? []).filter((at) => at > clock.now() - hourMs);

  function dueAt({ id, lane }: Shard): number {
    const gapMs = leastGapMs * 2 ** Math.max(0, lately(id).length - usual);
    const ownAt = (lately(id).at(-1) ?? 0) + Math.min(gapMs, longestGapMs);
    return Math.max(ownAt, (lanes.get(lane) ?? 0) + leastGapMs, heldUntil);
  }

  return {
    async wait(shard, tooSoon, signal) {
      const waitMs = dueAt(shard) - clock.now();
      if (waitMs > patienceMs) {
        tooSoon(new TooSoon(waitMs));
        await clock.sleep(Number.MAX_SAFE_INTEGER, signal);
      }
      // Before it waits: the next one of its lane waits for longer.
      const at = Math.max(clock.now(), dueAt(shard));
      lanes.set(shard.lane, at);
      if (waitMs > 0) await clock.sleep(waitMs, signal);
      begun.set(shard.id, [...lately(shard.id), clock.now()]);
    },
    hold(ms) {
      heldUntil = clock.now() + ms;
    },
  };
}
