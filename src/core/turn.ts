import { abortingWith } from './aborted.ts';
import { askCoze } from './asking.ts';
import type { CozeFailureFacts } from './errors.ts';
import type { AskOptions, Ending } from './following.ts';
import { land } from './landing.ts';
import { createLiveReply } from './live-reply.ts';
import { createNotebook } from './notebook.ts';
import type { Budget } from './ports/budget.ts';
import type { ChatRef, CozeBackend, Usage } from './ports/coze.ts';
import type { Sender } from './ports/platform.ts';
import type { ConversationStore, Delivery } from './ports/store.ts';
import type { Clock } from './ports/world.ts';
import type { RunningTurns } from './running.ts';
import { keepTyping } from './typing.ts';

export interface TurnTools {
  readonly coze: CozeBackend;
  readonly conversations: ConversationStore;
  readonly running: RunningTurns;
  readonly clock: Clock;
  readonly budget: Budget;
  /** Coze's user_id for a person: a hash, never the platform's own id. */
  readonly userIdOf: (platform: string, personId: string) => string;
  /** A name for the turn that tells nothing of the message it answers. */
  readonly turnIdOf: (messageId: string) => string;
}

/** What the log says of a turn. Durations count from the moment it was taken from the mailbox. */
export interface TurnReport {
  readonly outcome: Ending['outcome'];
  readonly chat: ChatRef | undefined;
  /** Coze's id of the request. */
  readonly logid: string | undefined;
  readonly usage: Usage | undefined;
  readonly failure: CozeFailureFacts | undefined;
  readonly writes: number;
  readonly askedMs: number | undefined;
  readonly firstTextMs: number | undefined;
  readonly firstPaintMs: number | undefined;
  readonly tookMs: number;
}

/** One question and its answer: asks Coze, and lets the answer grow where the question was asked. */
export async function runTurn(delivery: Delivery, sender: Sender, tools: TurnTools): Promise<TurnReport> {
  const { clock, budget, running } = tools;
  const { message, lost, assertHeld } = delivery;
  const { target } = message;
  const startedAt = clock.now();
  const marks: { askedAt?: number; firstTextAt?: number; logid?: string | undefined } = {};
  const notebook = createNotebook(delivery, clock);
  const turn = running.enter(delivery.key);
  const over = abortingWith(lost);
  const key = `${message.id}/answer`;
  const live = createLiveReply({
    sender,
    target,
    key,
    clock,
    budget,
    signal: over.signal,
    assertHeld,
    ...notebook.forReply,
  });
  const typing = abortingWith(over.signal);
  void keepTyping({ sender, target, clock, budget, answer: key }, typing.signal);
  try {
    const ending = await askCoze({
      ...questionOf(delivery, tools),
      turn,
      onAsked: () => {
        marks.askedAt = clock.now();
      },
      onChat: (chat, generation, logid) => {
        marks.logid = logid;
        return notebook.chat(chat, generation);
      },
      onText: (text) => {
        if (marks.firstTextAt === undefined) {
          marks.firstTextAt = clock.now();
          typing.abort('the answer has begun');
        }
        live.show(text);
      },
    });
    typing.abort();
    const outcome = await land(ending, { live, over, turn, notebook, delivery, sender, clock, budget });
    const since = (at: number | undefined) => (at === undefined ? undefined : at - startedAt);
    return {
      outcome,
      chat: notebook.record.chat,
      logid: marks.logid,
      usage: ending.outcome === 'answered' ? ending.usage : undefined,
      failure: ending.outcome === 'failed' ? ending.facts : undefined,
      writes: live.writes,
      askedMs: since(marks.askedAt),
      firstTextMs: since(marks.firstTextAt),
      firstPaintMs: since(live.firstPaintAt),
      tookMs: clock.now() - startedAt,
    };
  } finally {
    turn.leave();
    over.abort();
    // The next attempt may begin at once: no write of this one may come after it.
    await live.ended();
  }
}

type Questioned = Omit<AskOptions, 'turn' | 'onAsked' | 'onChat' | 'onText'>;

function questionOf({ key, message, record, lost }: Delivery, tools: TurnTools): Questioned {
  const { coze, conversations, userIdOf, turnIdOf } = tools;
  const { author, target, text, id } = message;
  const { platform } = target;
  return {
    key,
    record,
    lost,
    coze,
    conversations,
    question: {
      userId: userIdOf(platform, author.id),
      text,
      turnId: turnIdOf(id),
      speaker: { name: author.name, platform, ...(author.locale && { locale: author.locale }) },
    },
  };
}
