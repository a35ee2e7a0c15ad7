import type { Purpose, Silence } from './ports/budget.ts';
import type { Allowance, Pace } from './ports/platform.ts';

/** What is counted together: the messages of a place, its drafts, or all calls of a bot. Plain data. */
export interface Pool {
  /** What there was at `at`; undefined: all that can be saved up. */
  readonly tokens?: number | undefined;
  readonly at: number;
  readonly blockedUntil: number;
  /** What the refill is divided by when a silence ends. */
  readonly slow: number;
  /** When the calls of the window were granted. */
  readonly calls: readonly number[];
  /** How many the platform itself allows in it. */
  readonly limit?: number | undefined;
  /** What the platform has left us, until when. */
  readonly told?: Told | undefined;
  /** Answers that owe their final, and when they drew last. */
  readonly running: Readonly<Record<string, number>>;
  /** Who was refused, in the order in which they came. */
  readonly line: readonly Waiting[];
  /** Which channels were silenced last, each once, without a word on who is meant. */
  readonly silenced?: readonly Silenced[] | undefined;
}

interface Silenced {
  readonly channel: string;
  readonly at: number;
  readonly until: number;
}

interface Told {
  readonly left: number;
  readonly endsAt: number;
}

interface Waiting {
  readonly answer: string;
  readonly rank: number;
  readonly asksAt: number;
}

/**
 * Of a place that was never seen. Its bucket is full: whatever any of our processes has sent there is in the store for
 * as long as it counts, so nobody has.
 */
export const freshPool: Pool = { at: 0, blockedUntil: 0, slow: 1, calls: [], running: {}, line: [] };

// The rule is written twice, here and in Lua; both have these figures from here.

/** Lower is served first. A draft has its place in a line of its own, and among all calls of the bot. */
export const ranks: Readonly<Record<Purpose, number>> = {
  final: 0,
  first: 1,
  next: 2,
  preview: 3,
  draft: 3,
  typing: 4,
};

export const figures = {
  /** Up to this rank the reserve may be used, and nothing is held for others. */
  lastUrgent: 2,
  /** Who is so late to ask again has gone. */
  lateMs: 1_000,
  /** More do not wait in one line: it is read at each draw. */
  longestLine: 100,
  /** Who was not heard of for so long owes nothing any more. */
  runningForMs: 60_000,
  /** What flows back within this time is not held for the finals of others. */
  soonSeconds: 5,
  /** What typing leaves beyond what a preview leaves. */
  typingLeaves: 3,
  /** Beyond the deadline that the platform names: its clock and its rounding are not ours. */
  marginMs: 250,
  mostSlow: 8,
  /** So long after a silence, and again each time, the refill is doubled until it is whole. */
  calmMs: 60_000,
} as const;

export interface Question {
  readonly allowance: Allowance;
  readonly window?: Pace['window'] | undefined;
  readonly rank: number;
  readonly answer: string;
  /** How many finals are still to come. */
  readonly owed: number;
  readonly now: number;
}

/** 0, or how long to wait. */
export function waitIn(pool: Pool, question: Question): number {
  const needed = 1 + countBefore(pool, question);
  const silentMs = Math.max(0, pool.blockedUntil - question.now);
  return Math.max(silentMs + flowWait(pool, question, needed), windowWait(pool, question, needed));
}

function flowWait(pool: Pool, question: Question, needed: number): number {
  const { allowance, window, now, rank } = question;
  const slow = slowAt(pool, now);
  // Where a window holds the limit, the bucket only spreads what need not be now. After a silence both count.
  const isSpreading = window !== undefined && slow === 1;
  if (isSpreading && rank <= figures.lastUrgent) return 0;
  const { refillPerSecond, reserve, burst } = allowance;
  const held = isSpreading ? 0 : heldFor(question, reserve, refillPerSecond, burst - 1);
  const lack = needed + held - tokensAt(pool, allowance, now);
  return lack > 0 ? Math.ceil((lack / (refillPerSecond / slow)) * 1_000) : 0;
}

function windowWait(pool: Pool, question: Question, needed: number): number {
  const { window, now } = question;
  if (!window) return 0;
  const calls = pool.limit ?? window.calls;
  const recent = within(pool.calls, window.ms, now);
  const perSecond = (calls * 1_000) / window.ms;
  const held = heldFor(
    question,
    0,
    perSecond,
    Math.max(0, calls - Math.ceil(perSecond * figures.soonSeconds)),
  );
  const told = pool.told && pool.told.left < needed + held ? Math.max(0, pool.told.endsAt - now) : 0;
  const { burst } = window;
  return Math.max(
    told,
    roomWait({ calls, ms: window.ms }, needed + held, recent, now),
    burst ? roomWait(burst, needed, within(pool.calls, burst.ms, now), now) : 0,
  );
}

/** When so many more calls have room in a window. */
function roomWait(
  { calls, ms }: { readonly calls: number; readonly ms: number },
  more: number,
  recent: readonly number[],
  now: number,
): number {
  const lack = more - (calls - recent.length);
  if (lack <= 0) return 0;
  // Those before take what comes back first.
  const length = Math.max(1, recent.length);
  const last = recent[(lack - 1) % length] ?? now;
  return last + ms * (1 + Math.floor((lack - 1) / length)) - now;
}

/** How much a call that is not urgent leaves: for each final to come, what does not flow back soon. */
function heldFor({ rank, owed }: Question, reserve: number, perSecond: number, most: number): number {
  if (rank <= figures.lastUrgent) return 0;
  const held = Math.max(reserve, Math.ceil(owed - perSecond * figures.soonSeconds));
  return Math.min(most, held + (rank === ranks.typing ? figures.typingLeaves : 0));
}

/** How many others are to have theirs first: who asks for something of more weight, or for the same for longer. */
function countBefore({ line }: Pool, { answer, rank }: Question): number {
  const own = line.findIndex((waiting) => waiting.answer === answer && waiting.rank === rank);
  const isBefore = (waiting: Waiting, index: number) =>
    waiting.answer !== answer && (waiting.rank < rank || (waiting.rank === rank && (own < 0 || index < own)));
  return line.filter(isBefore).length;
}

/** Takes what one call costs. */
export function take(pool: Pool, { allowance, window, answer, now }: Question): Pool {
  // Rounded, so that it is the same number once it was written down.
  const tokens = Math.floor(Math.max(0, tokensAt(pool, allowance, now) - 1) * 1e6) / 1e6;
  const calls = window ? [...within(pool.calls, window.ms, now), now] : [];
  const told = pool.told && { ...pool.told, left: pool.told.left - 1 };
  return { ...leaveLine(pool, answer), tokens, at: now, calls, told };
}

/** Takes a place in the line, or keeps the one that it has. */
export function join(pool: Pool, { answer, rank }: Question, asksAt: number): Pool {
  const waiting = { answer, rank, asksAt };
  const index = pool.line.findIndex((other) => other.answer === answer && other.rank === rank);
  if (index >= 0) return { ...pool, line: pool.line.with(index, waiting) };
  const { line } = leaveLine(pool, answer);
  return line.length < figures.longestLine ? { ...pool, line: [...line, waiting] } : pool;
}

export function leaveLine(pool: Pool, answer: string): Pool {
  return { ...pool, line: pool.line.filter((waiting) => waiting.answer !== answer) };
}

/** Forgets who has gone, and what is over. */
export function tidy(pool: Pool, now: number): Pool {
  const running = Object.entries(pool.running).filter(([, at]) => now - at <= figures.runningForMs);
  return {
    ...pool,
    running: Object.fromEntries(running),
    line: pool.line.filter(({ asksAt }) => now - asksAt <= figures.lateMs),
    told: pool.told && now < pool.told.endsAt ? pool.told : undefined,
  };
}

/** The platform's own bucket is empty then, so ours starts from next to nothing. */
export function silence(pool: Pool, { retryAfterMs, foreseen }: Silence, now: number): Pool {
  const until = Math.max(pool.blockedUntil, now + Math.ceil(retryAfterMs) + figures.marginMs);
  const slow = slowAt(pool, now);
  // Within a silence it is said of calls that were under way.
  const slower = foreseen || now < pool.blockedUntil ? slow : Math.min(figures.mostSlow, slow * 2);
  return { ...pool, tokens: 1, at: until, blockedUntil: until, slow: slower };
}

function slowAt({ slow, blockedUntil }: Pool, now: number): number {
  const calm = Math.floor(Math.max(0, now - blockedUntil) / figures.calmMs);
  return Math.max(1, slow / 2 ** calm);
}

function tokensAt(pool: Pool, { burst, refillPerSecond }: Allowance, now: number): number {
  if (pool.tokens === undefined) return burst;
  const seconds = Math.max(0, now - pool.at) / 1_000;
  return Math.min(burst, pool.tokens + (seconds * refillPerSecond) / slowAt(pool, now));
}

function within(calls: readonly number[], ms: number, now: number): readonly number[] {
  return calls.filter((at) => at > now - ms);
}
