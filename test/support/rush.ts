import { createBudget } from '../../src/core/budget.ts';
import { RateLimited } from '../../src/core/errors.ts';
import { createLiveReply } from '../../src/core/live-reply.ts';
import type { Part } from '../../src/core/message.ts';
import { type Budget, placeOf } from '../../src/core/ports/budget.ts';
import type { Sender } from '../../src/core/ports/platform.ts';
import { keepTyping } from '../../src/core/typing.ts';
import { seeded } from '../text/seeded.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createFakePosts } from './fake-store.ts';
import type { RushPlatform, RushVenue } from './rush-venues.ts';

/** Several answers at once in one channel, in virtual time, against the limits of the emulators. */
export interface Rush {
  readonly venue: RushVenue;
  readonly answers: number;
  readonly seconds: number;
  readonly seed?: number;
  /** How much calls differ in their way to the platform. */
  readonly jitterMs?: number;
  /** Edits every so many milliseconds and knows no budget; without it, the bridge's own live reply answers. */
  readonly fixedMs?: number;
}

export interface Outcome {
  /** Of each word: how long after it was said it was on the screen. */
  readonly stalenessMs: readonly number[];
  /** Of each answer: how long after its end all of it was there. */
  readonly finalMs: readonly number[];
  /** Of each answer: how long after its first word something was there. */
  readonly firstMs: readonly number[];
  readonly refused: number;
  readonly calls: number;
}

/** Ten a second, all of one length: what is shown tells by its length how many there are. */
const word = 'word ';
const wordMs = 100;
const thinkingMs = 1_000;
/** From our call to its effect, and again from there to the reply. */
const wayMs = 25;
const usualJitterMs = 30;
/** Who calls in a penalty may wait for hours: nobody looks on for longer. */
const giveUpMs = 30 * 60_000;

interface Stage {
  readonly rush: Rush;
  readonly clock: FakeClock;
  readonly platform: RushPlatform;
  readonly budget: Budget;
  readonly random: (end: number) => number;
  readonly counts: { refused: number; calls: number };
}

export async function runRush(rush: Rush): Promise<Outcome> {
  const clock = createFakeClock();
  const stage: Stage = {
    rush,
    clock,
    platform: rush.venue.open(clock.now),
    budget: createBudget({ clock }),
    random: seeded(rush.seed ?? 1).below,
    counts: { refused: 0, calls: 0 },
  };
  const runs = Array.from({ length: rush.answers }, (_, index) => answer(stage, `answer ${index}`));
  let over = false;
  void Promise.all(runs).then(() => {
    over = true;
  });
  while (!over) await clock.advance(1_000);
  const seen = await Promise.all(runs);
  return {
    stalenessMs: seen.flatMap((one) => one.stalenessMs),
    finalMs: seen.map((one) => one.finalMs),
    firstMs: seen.map((one) => one.firstMs),
    ...stage.counts,
  };
}

interface Seen {
  readonly stalenessMs: readonly number[];
  readonly finalMs: number;
  readonly firstMs: number;
}

/** One answer, from the question to the last word on the screen. */
async function answer(stage: Stage, name: string): Promise<Seen> {
  const { clock, rush, random } = stage;
  const words = (rush.seconds * 1_000) / wordMs;
  const saidAt: number[] = [];
  const shownAt: number[] = [];
  const sender = senderOf(stage, (part) => {
    for (let index = shownAt.length; index < part.text.length / word.length; index++)
      shownAt.push(clock.now());
  });
  const reply = rush.fixedMs ? fixedReply(stage, sender, rush.fixedMs) : liveReply(stage, sender, name);
  await clock.sleep(random(300) + thinkingMs);
  for (let count = 1; count <= words; count++) {
    saidAt.push(clock.now());
    reply.show(word.repeat(count));
    await clock.sleep(wordMs);
  }
  const endedAt = clock.now();
  await Promise.race([reply.finish(word.repeat(words)), clock.sleep(giveUpMs)]);
  return {
    stalenessMs: saidAt.map((at, index) => (shownAt[index] ?? clock.now()) - at),
    finalMs: clock.now() - endedAt,
    firstMs: (shownAt[0] ?? clock.now()) - (saidAt[0] ?? 0),
  };
}

function senderOf(
  { rush, clock, platform, budget, random, counts }: Stage,
  shown: (part: Part) => void,
): Sender {
  const { target, pace } = rush.venue;
  const way = () => clock.sleep(wayMs + random(rush.jitterMs ?? usualJitterMs));
  async function call(kind: 'message' | 'typing', part?: Part): Promise<void> {
    await way();
    counts.calls += 1;
    try {
      const limit = platform.take(kind);
      if (part) shown(part);
      await way();
      if (limit) await budget.learn(placeOf(target, pace), limit);
    } catch (error) {
      counts.refused += 1;
      await way();
      throw error;
    }
  }
  return {
    platform: target.platform,
    render: (text) => ({ sealed: { parts: 0, offset: 0, carry: '' }, parts: [{ text }] }),
    async post(to, part) {
      await call('message', part);
      return { target: to, id: '1' };
    },
    edit: (_, part) => call('message', part),
    showTyping: () => call('typing'),
    pace: () => pace,
  };
}

interface Reply {
  show(text: string): void;
  finish(text: string): Promise<void>;
}

function liveReply({ rush, clock, budget }: Stage, sender: Sender, key: string): Reply {
  const { target } = rush.venue;
  const typing = new AbortController();
  void keepTyping({ sender, target, clock, budget, answer: key }, typing.signal);
  const { signal } = new AbortController();
  // What is postponed is landed by whoever has it next, at the same moment.
  const posts = createFakePosts();
  const live = createLiveReply({ sender, target, key, clock, budget, posts, signal, isPatient: true });
  return {
    show(text) {
      typing.abort();
      live.show(text);
    },
    finish: (text) => live.finish(text),
  };
}

/** What most bots do: edits whenever so much time has passed, and obeys a refusal, but each answer for itself. */
function fixedReply({ rush: { venue }, clock }: Stage, sender: Sender, everyMs: number): Reply {
  const state = { text: '', shown: '', final: false };
  void sender.showTyping?.(venue.target).catch(() => undefined);
  let painting: Promise<void> | undefined;
  async function paint(): Promise<void> {
    while (!state.final || state.shown !== state.text) {
      const { text, final } = state;
      try {
        if (text === state.shown) await clock.sleep(wordMs);
        else if (state.shown === '') await sender.post(venue.target, { text });
        else await sender.edit({ target: venue.target, id: '1' }, { text });
        state.shown = text;
      } catch (error) {
        if (!(error instanceof RateLimited)) throw error;
        await clock.sleep(error.retryAfterMs);
        continue;
      }
      if (final) return;
      for (let ms = 0; ms < everyMs && !state.final; ms += wordMs)
        await clock.sleep(Math.min(wordMs, everyMs - ms));
    }
  }
  return {
    show(text) {
      state.text = text;
      painting ??= paint();
    },
    async finish(text) {
      Object.assign(state, { text, final: true });
      await painting;
    },
  };
}
