import { mkdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { seeded } from '../../test/text/seeded.ts';
import { type Evidence, gather } from './evidence.ts';
import { type Blow, blows, openJournal } from './journal.ts';
import { type Planned, planMessages, planOpenings } from './plan.ts';
import { type HomeName, setStage } from './stage.ts';
import { type StrikeTimes, strike, usualTimes } from './strikes.ts';

export interface ChaosOptions {
  readonly home: HomeName;
  readonly messages: number;
  readonly seed: number;
  /** Chats of one person, or sessions of a program; there are four more, in which several are. */
  readonly privateChats: number;
  /** How many messages are written in a second, on the whole. */
  readonly perSecond: number;
  readonly kinds: ReadonlySet<Blow>;
  readonly times?: Partial<StrikeTimes>;
  /** How long it goes on at most; without it, until all is answered. */
  readonly strikeForMs?: number;
  /** The folder of the bridge that is run. */
  readonly bridge: string;
  /** Where the log goes. */
  readonly folder: string;
  /** How long nothing may happen before what is left counts as lost. */
  readonly patienceMs?: number;
  /** Told once in a while. */
  readonly onProgress?: (whole: number, said: number) => void;
}

export interface Outcome {
  readonly evidence: Evidence;
  readonly tookMs: number;
}

type Said = Planned & { readonly at: number };

const lookMs = 250;
/** A process that was taken for dead may still have something to say. */
const settleMs = 6_000;

/** Lets people write while everything is struck, until all is answered or nothing happens any more. */
export async function runChaos(options: ChaosOptions): Promise<Outcome> {
  const { seed, kinds, times, strikeForMs, folder } = options;
  await mkdir(folder, { recursive: true });
  const journal = openJournal(folder);
  const stage = await setStage({ ...options, journal });
  const over = new AbortController();
  let ceasing: NodeJS.Timeout | undefined;
  try {
    await until(() => stage.crew.every(({ readySince }) => readySince !== undefined), 60_000);
    const said: Said[] = [];
    const openings = planOpenings(stage.places, seed);
    await Promise.all([sayAll(openings, said), answered(openings, said, options)]);
    const startedAt = Date.now();
    const planned = planMessages(stage.places, options);
    const striking = strike({
      targets: stage.targets,
      kinds,
      times: { ...usualTimes, ...times },
      random: (blow) => seeded(seed * 31 + blows.indexOf(blow)),
      journal,
      signal: over.signal,
    });
    if (strikeForMs !== undefined) ceasing = setTimeout(() => over.abort(), strikeForMs);
    await Promise.all([sayAll(planned, said), answered(planned, said, options)]);
    over.abort();
    await striking;
    // Without further strikes all that can be answered is.
    await answered(planned, said, options);
    const tookMs = Date.now() - startedAt;
    await sleep(settleMs);
    return { evidence: gather({ ...stage, said, journal }), tookMs };
  } finally {
    clearTimeout(ceasing);
    over.abort();
    await stage.clear();
    await journal.close();
  }
}

async function sayAll(planned: readonly Planned[], said: Said[]): Promise<void> {
  const startedAt = Date.now();
  for (const message of planned) {
    await sleep(Math.max(0, startedAt + message.afterMs - Date.now()));
    said.push({ ...message, at: Date.now() });
    message.seat.say(`What of ${message.token}?`);
  }
}

/** Resolves when all that is planned is said and answered, or when no answer has ended for a while. */
async function answered(
  planned: readonly Planned[],
  said: readonly Said[],
  { patienceMs = 90_000, onProgress }: ChaosOptions,
): Promise<void> {
  const open = new Map(planned.map((message) => [message.token, message]));
  let newestAt = Date.now();
  while (open.size > 0 && Date.now() - newestAt < patienceMs) {
    const unsaid = new Set(open.keys());
    for (const { token, seat, answer } of said) {
      unsaid.delete(token);
      if (!open.has(token) || !isThere(seat, answer)) continue;
      open.delete(token);
      newestAt = Date.now();
    }
    if (unsaid.size > 0) newestAt = Date.now();
    onProgress?.(planned.length - open.size, planned.length - unsaid.size);
    await sleep(lookMs);
  }
}

/** The end of the answer is on the screen. The judgement looks closer. */
function isThere({ screen }: Planned['seat'], answer: string): boolean {
  const end = answer.slice(-40);
  return screen.shown().some(({ text, isDeleted }) => !isDeleted && text.endsWith(end));
}

async function until(condition: () => boolean, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('the processes did not become ready');
    await sleep(50);
  }
}
