import { askCoze } from './asking.ts';
import type { CozeFailureFacts } from './errors.ts';
import type { AskOptions, Ending } from './following.ts';
import { createLiveReply } from './live-reply.ts';
import type { InboundMessage } from './message.ts';
import { notice } from './notices.ts';
import type { Paces } from './pacing.ts';
import type {
  ChatRef,
  Clock,
  ConversationStore,
  CozeBackend,
  Delivery,
  Sender,
  TurnRecord,
  Usage,
} from './ports.ts';
import type { RunningTurns } from './running.ts';
import { keepTyping } from './typing.ts';

export interface TurnTools {
  readonly coze: CozeBackend;
  readonly conversations: ConversationStore;
  readonly running: RunningTurns;
  readonly clock: Clock;
  readonly paces: Paces;
  /** Coze's user_id for a person: a hash, never the platform's own id. */
  readonly userIdOf: (platform: string, personId: string) => string;
  /** A name for the turn that tells nothing of the message it answers. */
  readonly turnIdOf: (messageId: string) => string;
}

/** What the log says of a turn. Durations count from the moment it was taken from the mailbox. */
export interface TurnReport {
  readonly outcome: Ending['outcome'];
  readonly chat: ChatRef | undefined;
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
  const { clock, paces } = tools;
  const { message, lost: signal } = delivery;
  const { target } = message;
  const startedAt = clock.now();
  const times: { askedAt?: number; firstTextAt?: number } = {};
  const notebook = createNotebook(delivery);
  const live = createLiveReply({
    sender,
    target,
    clock,
    paces,
    signal,
    posted: notebook.record.posted,
    onPosted: notebook.posted,
  });
  const typing = new AbortController();
  void keepTyping({ sender, target, clock, paces }, AbortSignal.any([typing.signal, signal]));
  try {
    const ending = await askCoze({
      ...questionOf(delivery, tools),
      onAsked: () => {
        times.askedAt = clock.now();
      },
      onChat: notebook.chat,
      onText: (text) => {
        times.firstTextAt ??= clock.now();
        typing.abort();
        live.show(text);
      },
    });
    typing.abort();
    await live.finish(finalText(ending, message));
    const since = (at: number | undefined) => (at === undefined ? undefined : at - startedAt);
    return {
      outcome: ending.outcome,
      chat: notebook.record.chat,
      usage: ending.outcome === 'answered' ? ending.usage : undefined,
      failure: ending.outcome === 'failed' ? ending.facts : undefined,
      writes: live.writes,
      askedMs: since(times.askedAt),
      firstTextMs: since(times.firstTextAt),
      firstPaintMs: since(live.firstPaintAt),
      tookMs: clock.now() - startedAt,
    };
  } finally {
    typing.abort();
  }
}

/** Writes down what the next attempt would need, as it happens. */
function createNotebook(delivery: Delivery) {
  let record: TurnRecord = delivery.record ?? { generation: 0, posted: [] };
  const note = (change: Partial<TurnRecord>): Promise<void> => {
    record = { ...record, ...change };
    return delivery.note(record);
  };
  return {
    get record() {
      return record;
    },
    chat: (chat: ChatRef, generation: number) => note({ chat, generation }),
    posted: (posted: TurnRecord['posted']) => note({ posted }),
  };
}

type Questioned = Omit<AskOptions, 'onAsked' | 'onChat' | 'onText'>;

function questionOf({ key, message, record, lost }: Delivery, tools: TurnTools): Questioned {
  const { coze, conversations, running, userIdOf, turnIdOf } = tools;
  const { author, target, text, id } = message;
  const { platform } = target;
  return {
    key,
    record,
    lost,
    coze,
    conversations,
    running,
    question: {
      userId: userIdOf(platform, author.id),
      text,
      turnId: turnIdOf(id),
      speaker: { name: author.name, platform, ...(author.locale && { locale: author.locale }) },
    },
  };
}

/** What stands on the screen in the end: all there is of the answer, and in words what there is not. */
function finalText(ending: Ending, { author, attachments }: InboundMessage): string {
  const answer = ending.text.trim();
  const say = (what: Parameters<typeof notice>[0]) => notice(what, author.locale);
  const remarks = {
    answered: [...(answer ? [] : [say('empty')]), ...(attachments.length ? [say('attachment-ignored')] : [])],
    stopped: [say('stopped')],
    failed: [say(ending.outcome === 'failed' ? ending.facts.kind : 'failed')],
  };
  return [answer, ...remarks[ending.outcome]].filter(Boolean).join('\n\n');
}
