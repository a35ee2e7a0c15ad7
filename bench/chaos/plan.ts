import { type Seeded, seeded } from '../../test/text/seeded.ts';
import { answerTo, openingsFrom, tokenOf } from './answers.ts';
import type { Places, Seat } from './places.ts';

/** One message that somebody writes. */
export interface Planned {
  readonly token: string;
  readonly seat: Seat;
  /** From the beginning, in milliseconds. */
  readonly afterMs: number;
  /** The answer that it is to have. */
  readonly answer: string;
}

interface PlanOptions {
  readonly messages: number;
  readonly seed: number;
  readonly perSecond: number;
}

/** Some people write several messages in a row. */
const burstShare = 0.2;
/** Of the messages, so many are written where several share a chat. */
const sharedShare = 0.2;

/** Who writes what, and when: everybody once, and then whoever it comes to. */
export function planMessages(places: Places, { messages, seed, perSecond }: PlanOptions): Planned[] {
  const random = seeded(seed);
  const turns = shuffled([...places.private, ...places.shared], random);
  const planned: Planned[] = [];
  let afterMs = 0;
  while (planned.length < messages) {
    const seat = turns.pop() ?? random.pick(random.chance(sharedShare) ? places.shared : places.private);
    const inARow = random.chance(burstShare) ? 2 + random.below(3) : 1;
    for (let nth = 0; nth < inARow && planned.length < messages; nth++) {
      const token = tokenOf(planned.length, seed);
      planned.push({ token, seat, afterMs: Math.round(afterMs + nth * 150), answer: answerTo(token).text });
    }
    afterMs += ((inARow * 1_000) / perSecond) * (0.5 + random.below(1_000) / 1_000);
  }
  return planned.sort((one, other) => one.afterMs - other.afterMs);
}

/**
 * What is written before anything is struck: a word in each chat of Discord, which cannot be asked for messages of a
 * private chat that nobody knows of yet.
 */
export function planOpenings(places: Places, seed: number): Planned[] {
  const seats = [...places.private, ...places.shared].filter(({ screen }) => screen.needsOpening);
  const first = new Map(seats.map((seat) => [seat.screen, seat]));
  return [...first.values()].map((seat, nth) => {
    const token = tokenOf(openingsFrom + nth, seed);
    return { token, seat, afterMs: nth * 100, answer: answerTo(token).text };
  });
}

function shuffled<T>(list: T[], random: Seeded): T[] {
  for (let last = list.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [list[last], list[other]] = [list[other] as T, list[last] as T];
  }
  return list;
}
