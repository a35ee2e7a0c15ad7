import { backOffMs } from '../../src/core/back-off.ts';
import { createJobs } from './jobs.ts';
import { createLookUp, type LookUpOptions } from './look-up.ts';
import type { Known, Spot } from './seen.ts';
import { madeAt } from './snowflake.ts';

/** Looks up what was written while nobody listened. */
export interface Missed {
  /** A session has begun: what was written before it, in its channels, is looked up. */
  begin(session: Session): void;
  /** A channel tells, as a session begins, which message is its last: nobody may have heard it. */
  notice(spot: Spot, last: string): void;
  /** What was written there could not be taken as it came: it is looked up. */
  owe(spot: Spot): void;
  /** Something there is still to be looked up. */
  isOwed(channel: string): boolean;
  /** Resolves when nothing is, any more. */
  caughtUp(channel: string): Promise<void>;
}

export interface Session {
  /** The bot's user id. */
  readonly bot: string;
  isOurs(spot: Spot): boolean;
  /** Resolves when it is known which places there are. */
  readonly isUp: Promise<void>;
  /** Takes a message in; resolves when it is in the store, where it has to be. */
  take(payload: unknown, spot: Spot): Promise<void>;
}

type MissedOptions = Omit<LookUpOptions, 'take'>;

const mostChannels = 500;
/** Where people most likely wait. */
const newestFirst = 10;
const lanes = 2;
const longestWaitMs = 15_000;

export function createMissed(options: MissedOptions): Missed {
  const { seen, clock, signal, answerWithinMs } = options;
  const take = async (payload: unknown, spot: Spot) => session?.take(payload, spot);
  const lookUp = createLookUp({ ...options, take });
  const jobs = createJobs(lanes, lookUp.inChannel, lookUp.end);
  let session: Session | undefined;
  let replace = () => {};
  let listing: Promise<Known> | undefined;
  /** What was known as this session began: servers may tell of themselves long after it. */
  let known: Known | undefined;
  let noticed = 0;

  async function list(begun: Session, replaced: Promise<void>): Promise<Known> {
    // What is heard from now on comes by itself.
    const before = new Set(seen.active().map(({ channel }) => channel));
    await Promise.race([begun.isUp, replaced]);
    session = begun;
    const { bot, isOurs } = begun;
    for (let attempt = 0; ; attempt++) {
      try {
        const loaded = await seen.load(bot);
        const isKnown = ({ channel }: Spot) => before.has(channel) || loaded.channels.has(channel);
        const ours = seen.active().filter((spot) => isKnown(spot) && isOurs(spot));
        for (const spot of inTurn(ours.slice(0, mostChannels)))
          jobs.add(spot.channel, { spot, isNew: false });
        lookUp.leave(ours.length - mostChannels);
        return loaded;
      } catch {
        // The store is away, and says so itself.
        await clock.sleep(backOffMs(attempt, longestWaitMs), signal);
      }
    }
  }

  return {
    begin(begun) {
      replace();
      noticed = 0;
      const replaced = new Promise<void>((resolve) => {
        replace = resolve;
      });
      const listed = list(begun, replaced);
      listing = listed;
      const over = (found?: Known) => {
        if (listing !== listed) return;
        listing = undefined;
        known = found;
      };
      listed.then(over, () => over());
    },
    notice(spot, last) {
      const isRecent = madeAt(last) >= clock.now() - answerWithinMs;
      if (!isRecent || seen.has(spot.channel)) return;
      // A bridge that has never listened here owes nothing.
      void (listing ?? Promise.resolve(known))
        .then((found) => {
          if (!found?.hasListened || found.channels.has(spot.channel)) return;
          noticed += 1;
          if (noticed > mostChannels) lookUp.leave(1);
          else jobs.add(spot.channel, { spot, isNew: true });
        })
        .catch(() => undefined);
    },
    owe: (spot) => jobs.add(spot.channel, { spot, isNew: false }),
    isOwed: (channel) => listing !== undefined || jobs.has(channel),
    async caughtUp(channel) {
      while (listing) await listing.catch(() => undefined);
      await jobs.done(channel);
    },
  };
}

/** But for the newest few in no order: were a process to die soon, again and again, none would always be the last. */
function inTurn(spots: readonly Spot[]): Spot[] {
  const others = spots.slice(newestFirst).map((spot) => ({ spot, at: Math.random() }));
  const shuffled = others.toSorted((one, other) => one.at - other.at).map(({ spot }) => spot);
  return [...spots.slice(0, newestFirst), ...shuffled];
}
