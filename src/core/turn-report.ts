import type { Ending } from './ending.ts';
import type { CozeFailureFacts } from './errors.ts';
import type { LiveReply } from './live-reply.ts';
import type { Notebook } from './notebook.ts';
import { notice } from './notices.ts';
import type { ChatRef, Usage } from './ports/coze.ts';
import type { Ended } from './ports/platform.ts';
import type { Clock } from './ports/world.ts';

/** What has come of a turn. Durations count from the moment it was taken from the mailbox. */
export interface TurnReport {
  readonly outcome: Ending['outcome'];
  readonly chat: ChatRef | undefined;
  /** Coze's id of the request. */
  readonly logid: string | undefined;
  readonly usage: Usage | undefined;
  /** What Coze suggests to ask next. */
  readonly followUps: readonly string[] | undefined;
  readonly failure: CozeFailureFacts | undefined;
  readonly writes: number;
  readonly askedMs: number | undefined;
  readonly firstTextMs: number | undefined;
  readonly firstPaintMs: number | undefined;
  /** The longest that a piece of the answer waited to be shown. */
  readonly mostBehindMs: number | undefined;
  readonly tookMs: number;
}

/** How an attempt at a message has ended, for whoever counts. */
export interface AttemptEnd {
  readonly platform: string;
  /** The same word as in the log: one of a few dozen. */
  readonly outcome: string;
  /** Of a question whose answer has landed. */
  readonly report?: TurnReport | undefined;
  /** Of an attempt that has put a question to Coze, or has followed its answer. */
  readonly heard?: Heard | undefined;
}

/** What Coze has made of a question. */
export interface Heard {
  /** When the attempt began that has put it; milliseconds since 1970. */
  readonly askedAt: number;
  /** None: it is answered, or was going to be. */
  readonly failure?: CozeFailureFacts | undefined;
}

/** When what happened, by the clock. */
export interface Marks {
  askedAt?: number;
  firstTextAt?: number;
  logid?: string | undefined;
}

interface Reported {
  readonly ending: Ending;
  readonly outcome: Ending['outcome'];
  readonly marks: Marks;
  readonly startedAt: number;
  readonly live: LiveReply;
  readonly notebook: Notebook;
  readonly clock: Clock;
}

export function report({ ending, outcome, marks, startedAt, live, notebook, clock }: Reported): TurnReport {
  const since = (at: number | undefined) => (at === undefined ? undefined : at - startedAt);
  return {
    outcome,
    chat: notebook.record.chat,
    logid: marks.logid,
    usage: ending.outcome === 'answered' ? ending.usage : undefined,
    followUps: ending.outcome === 'answered' ? ending.followUps : undefined,
    failure: ending.outcome === 'failed' ? ending.facts : undefined,
    writes: live.writes,
    askedMs: since(marks.askedAt),
    firstTextMs: since(marks.firstTextAt),
    firstPaintMs: since(live.firstPaintAt),
    mostBehindMs: live.mostBehindMs,
    tookMs: clock.now() - startedAt,
  };
}

/** What it tells of Coze, where that was asked: not when somebody stopped it first. */
export function heardIn({ outcome, chat, askedMs, failure }: TurnReport, askedAt: number): Heard | undefined {
  const isTaken = outcome === 'answered' || (askedMs !== undefined && chat !== undefined);
  return failure || isTaken ? { askedAt, failure } : undefined;
}

/** What a program is told of it. */
export function endedOf(
  { outcome, chat, usage, followUps, failure }: TurnReport,
  locale: string | undefined,
): Ended {
  return {
    outcome,
    ...(failure && { failure: failure.kind, words: notice(failure.kind, locale) }),
    ...(chat && { conversationId: chat.conversationId }),
    ...(usage && { usage }),
    ...(followUps && { followUps }),
  };
}
