import type { CozeEmulator } from '../../emulators/coze/index.ts';
import { type Ask, tokensIn } from './answers.ts';
import type { Journal } from './journal.ts';
import type { Call, Shown } from './places.ts';
import type { Planned } from './plan.ts';

/** A message that somebody wrote, and what it should come to. */
export interface Question {
  readonly token: string;
  readonly at: number;
  readonly screen: string;
  readonly conversation: string;
  readonly answer: string;
}

export interface ScreenEvidence {
  readonly name: string;
  readonly shown: readonly Shown[];
  readonly drafts: Shown['writes'];
  readonly calls: readonly Call[];
}

/** A chat that Coze has begun. */
export interface AskEvidence extends Ask {
  readonly status: string;
}

/** A call to Coze about a question: who makes one has the turn in hand. */
interface Touch {
  readonly at: number;
  readonly token: string;
  readonly process: string;
}

/** All that the judgement rests on: what the emulators have seen, and what was done. */
export interface Evidence extends Pick<Journal, 'strikes' | 'readies' | 'ends'> {
  readonly questions: readonly Question[];
  readonly screens: readonly ScreenEvidence[];
  readonly asks: readonly AskEvidence[];
  readonly touches: readonly Touch[];
}

interface Sources {
  readonly said: readonly (Planned & { readonly at: number })[];
  readonly asks: readonly Ask[];
  readonly coze: CozeEmulator;
  /** Whose calls come to Coze by which port. */
  readonly callers: ReadonlyMap<number, string>;
  readonly journal: Journal;
}

export function gather({ said, asks, coze, callers, journal }: Sources): Evidence {
  const statusOf = new Map(coze.chats().map(({ id, status }) => [id, status]));
  const screens = new Set(said.map(({ seat }) => seat.screen));
  const { strikes, readies, ends } = journal;
  return {
    questions: said.map(({ token, at, seat, answer }) => ({
      token,
      at,
      screen: seat.screen.name,
      conversation: seat.conversation,
      answer,
    })),
    screens: [...screens].map(({ name, shown, drafts, calls }) => ({
      name,
      shown: shown(),
      drafts: drafts(),
      calls: calls(),
    })),
    asks: asks.map((ask) => ({ ...ask, status: statusOf.get(ask.chatId) ?? 'unknown' })),
    touches: touchesOf(coze, asks, callers),
    strikes: [...strikes],
    readies: [...readies],
    ends: [...ends],
  };
}

function touchesOf({ requests }: CozeEmulator, asks: readonly Ask[], callers: Sources['callers']): Touch[] {
  const tokenOf = new Map(asks.map(({ chatId, token }) => [chatId, token]));
  return requests.flatMap(({ at, path, query, headers, body }) => {
    const process = callers.get(Number(headers.host?.split(':')[1]));
    const [asked] = path === '/v3/chat' ? tokensIn(JSON.stringify(body)) : [];
    const token = asked ?? tokenOf.get(query.chat_id ?? '');
    return process === undefined || token === undefined ? [] : [{ at, token, process }];
  });
}
