import { askCoze } from './asking.ts';
import type { CozeFailureFacts } from './errors.ts';
import type { AskOptions, Ending } from './following.ts';
import { createLiveReply, type LiveReply } from './live-reply.ts';
import type { InboundMessage } from './message.ts';
import { createNotebook, type Notebook } from './notebook.ts';
import { type Notice, notice } from './notices.ts';
import type { Paces } from './pacing.ts';
import type { ChatRef, Clock, ConversationStore, CozeBackend, Delivery, Sender, Usage } from './ports.ts';
import type { RunningTurns } from './running.ts';
import { type SayOptions, sayBelow } from './saying.ts';
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
  const { clock, paces } = tools;
  const { target } = delivery.message;
  const startedAt = clock.now();
  const times: { askedAt?: number; firstTextAt?: number; logid?: string | undefined } = {};
  const notebook = createNotebook(delivery);
  const over = new AbortController();
  const signal = AbortSignal.any([delivery.lost, over.signal]);
  const live = createLiveReply({ sender, target, clock, paces, signal, ...notebook.forReply });
  const typing = new AbortController();
  void keepTyping({ sender, target, clock, paces }, AbortSignal.any([typing.signal, signal]));
  try {
    const ending = await askCoze({
      ...questionOf(delivery, tools),
      onAsked: () => {
        times.askedAt = clock.now();
      },
      onChat: (chat, generation, logid) => {
        times.logid = logid;
        return notebook.chat(chat, generation);
      },
      onText: (text) => {
        times.firstTextAt ??= clock.now();
        typing.abort();
        live.show(text);
      },
    });
    typing.abort();
    await land(ending, live, { delivery, sender, clock, paces, notebook });
    const since = (at: number | undefined) => (at === undefined ? undefined : at - startedAt);
    return {
      outcome: ending.outcome,
      chat: notebook.record.chat,
      logid: times.logid,
      usage: ending.outcome === 'answered' ? ending.usage : undefined,
      failure: ending.outcome === 'failed' ? ending.facts : undefined,
      writes: live.writes,
      askedMs: since(times.askedAt),
      firstTextMs: since(times.firstTextAt),
      firstPaintMs: since(live.firstPaintAt),
      tookMs: clock.now() - startedAt,
    };
  } finally {
    over.abort();
    // The next attempt may begin at once: no write of this one may come after it.
    await live.ended();
  }
}

interface LandOptions extends SayOptions {
  readonly notebook: Notebook;
}

/** Brings on the screen all there is of the answer, and in words what there is not. */
async function land(ending: Ending, live: LiveReply, { notebook, ...options }: LandOptions): Promise<void> {
  const answer = ending.text.trim();
  const remarks = remarksOn(ending, options.delivery.message);
  // What an earlier attempt has shown stays, though this one does not know what it was.
  if (answer === '' && notebook.record.posted.length > 0) await sayBelow(remarks.join('\n\n'), options);
  else await live.finish([answer, ...remarks].filter(Boolean).join('\n\n'));
}

function remarksOn(ending: Ending, { author, attachments }: InboundMessage): string[] {
  const say = (what: Notice) => notice(what, author.locale);
  switch (ending.outcome) {
    case 'answered':
      return [
        ...(ending.text.trim() === '' ? [say('empty')] : []),
        ...(attachments.length > 0 ? [say('attachment-ignored')] : []),
      ];
    case 'stopped':
      return [say('stopped')];
    case 'failed':
      return [say(ending.facts.kind)];
  }
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
