import {
  figures,
  freshPool,
  join,
  leaveLine,
  type Pool,
  ranks,
  silence,
  take,
  tidy,
  waitIn,
} from './budget-pool.ts';
import type { Draw, Limit, Silence } from './ports/budget.ts';

/** All that is known of a place and of its bot. Plain data. */
export interface Pools {
  /** What is sent, edited, deleted and typed. */
  readonly own: Pool;
  readonly drafts: Pool;
  readonly bot: Pool;
}

export const freshPools: Pools = { own: freshPool, drafts: freshPool, bot: freshPool };

/** What is kept of a place or bot that nothing happens to is over after this time: buckets are full, slowness has ended. */
export const keptForMs = 600_000;

/** Silences within this time are of one cause, where so many channels have one. */
export const togetherMs = 10_000;
export const channelsInCommon = 3;

/** A platform's window does not end as exactly as it says. */
export const sameWindowMs = 1_000;

/**
 * The rule of the budget: what becomes of the pools, and what the one who draws is told. Written a second time in Lua
 * (redis/budget-script.ts); a test holds that both say the same.
 */
export function draw(
  pools: Pools,
  asked: Draw,
  now: number,
): { readonly pools: Pools; readonly waitMs: number } {
  const { pace, purpose, answer } = asked;
  const rank = ranks[purpose];
  const tidied = { own: tidy(pools.own, now), drafts: tidy(pools.drafts, now), bot: tidy(pools.bot, now) };
  const entered = { ...tidied, own: purpose === 'final' ? tidied.own : enter(tidied.own, answer, now) };
  const drafted = purpose === 'draft' ? pace.draft : undefined;
  const name = drafted ? 'drafts' : 'own';
  const owed = drafted ? 0 : Object.keys(entered.own.running).length;
  const here = {
    allowance: drafted ?? pace,
    window: drafted ? undefined : pace.window,
    rank,
    answer,
    owed,
    now,
  };
  // A lane is counted apart from the bot too.
  const there =
    pace.bot && pace.lane === undefined
      ? { ...here, allowance: pace.bot, window: undefined, owed: 0 }
      : undefined;
  const hereMs = waitIn(entered[name], here);
  const thereMs = there ? waitIn(entered.bot, there) : 0;
  const waitMs = Math.max(hereMs, thereMs);
  if (waitMs === 0) {
    const taken = {
      ...entered,
      [name]: take(entered[name], here),
      ...(there && { bot: take(entered.bot, there) }),
    };
    return { pools: purpose === 'final' ? { ...taken, own: retire(taken.own, answer) } : taken, waitMs };
  }
  // Nobody waits for a sign that they are typing.
  if (purpose === 'typing') return { pools: entered, waitMs };
  const silentMs = Math.max(entered[name].blockedUntil, there ? entered.bot.blockedUntil : 0) - now;
  const askAgainMs = rank <= figures.lastUrgent ? waitMs : Math.max(halfWay(waitMs), silentMs);
  const waiting = {
    ...entered,
    ...(hereMs > 0 && { [name]: join(entered[name], here, now + askAgainMs) }),
    ...(there && thereMs > 0 && { bot: join(entered.bot, there, now + askAgainMs) }),
  };
  return { pools: waiting, waitMs: askAgainMs };
}

/** Whose turn is further away than a second asks again half-way: those before it may have left. */
export const soonMs = 1_000;
const halfWay = (waitMs: number) => (waitMs > soonMs ? Math.ceil(waitMs / 2) : waitMs);

const enter = (own: Pool, answer: string, now: number): Pool => ({
  ...own,
  running: { ...own.running, [answer]: now },
});

function retire(own: Pool, answer: string): Pool {
  const { [answer]: _, ...running } = own.running;
  return { ...own, running };
}

/** Nothing is granted before the silence is over, and less than before afterwards. */
export function block(pools: Pools, channel: string, asked: Silence, now: number): Pools {
  const others = (pools.bot.silenced ?? []).filter(
    (former) => former.channel !== channel && now - former.at < togetherMs,
  );
  // So many at a time: all of them are meant, and each further call would make it worse.
  const isGuessed = others.length >= channelsInCommon - 1;
  const silenced = [...others, { channel, at: now, until: now + asked.retryAfterMs }].slice(
    -channelsInCommon,
  );
  const bot = asked.scope === undefined ? { ...pools.bot, silenced } : pools.bot;
  const isForBot = asked.scope === 'bot' || (asked.scope === undefined && isGuessed);
  // What they have in common is over with the first of them.
  const common = isGuessed ? Math.min(...silenced.map(({ until }) => until)) - now : asked.retryAfterMs;
  return {
    own: silence(pools.own, asked, now),
    drafts: silence(pools.drafts, asked, now),
    bot: isForBot ? silence(bot, asked.scope ? asked : { ...asked, retryAfterMs: common }, now) : bot,
  };
}

/**
 * Replies come in any order: within a window, what is left never grows. What is still under way, and so in no reply, is
 * among our own calls of the window, and these are counted as well.
 */
export function learn(pools: Pools, { calls, remaining, resetAfterMs }: Limit, now: number): Pools {
  const own = tidy(pools.own, now);
  const endsAt = now + Math.ceil(resetAfterMs);
  const isSame = own.told !== undefined && endsAt <= own.told.endsAt + sameWindowMs;
  const told = isSame
    ? { left: Math.min(own.told.left, remaining), endsAt: Math.max(own.told.endsAt, endsAt) }
    : { left: remaining, endsAt };
  return { ...pools, own: { ...own, limit: calls, told } };
}

export function leave(pools: Pools, answer: string): Pools {
  return {
    own: retire(leaveLine(pools.own, answer), answer),
    drafts: leaveLine(pools.drafts, answer),
    bot: leaveLine(pools.bot, answer),
  };
}
