import { conversationOf, isControlKey } from './core/addressing.ts';
import { type Command, parseCommand } from './core/commands.ts';
import { rephrases } from './core/editing.ts';
import { CozeFailed, DeliveryLost, Postponed, TargetGone } from './core/errors.ts';
import type { InboundMessage, ReplyTarget } from './core/message.ts';
import { type Notice, notice } from './core/notices.ts';
import type { CozeBackend } from './core/ports/coze.ts';
import type { Ended, Sender } from './core/ports/platform.ts';
import type { Delivery, MailHandler } from './core/ports/store.ts';
import type { Log } from './core/ports/world.ts';
import { hearQuestion } from './core/posting.ts';
import { say, sayBelow } from './core/saying.ts';
import { runTurn, type TurnTools } from './core/turn.ts';
import { type AttemptEnd, endedOf, type Heard, heardIn, type TurnReport } from './core/turn-report.ts';

export interface WorkerOptions extends Omit<TurnTools, 'coze'> {
  /** Coze, as the conversation of this delivery knows it. */
  readonly cozeFor: (delivery: Delivery) => CozeBackend;
  readonly senders: readonly Sender[];
  readonly log: Log;
  /** A name for a conversation key that tells nothing of it. */
  readonly hashOf: (key: string) => string;
  /** Hears of each attempt what the log does. */
  readonly watch?: (end: AttemptEnd) => void;
}

/** For the log; who must look into it finds it under warnings. */
interface Outcome {
  readonly outcome: string;
  readonly failed?: boolean;
  readonly waitMs?: number;
  readonly err?: unknown;
}

/** One message, done with. */
interface Done {
  readonly line: Outcome;
  readonly ended: Ended;
  readonly report?: TurnReport;
}

/** Another worker may have the platform: it should not have to wait for long, nor this one look again and again. */
const notOursMs = 2_000;

/** What no worker could answer for so long after it was written goes to the dead letters. */
const strandedForMs = 24 * 60 * 60 * 1_000;

const means = 'what is written there waits for another worker: give this one the same tokens as the gateway';

const said = (line: Outcome): Done => ({ line, ended: { outcome: 'said' } });

const noticeOf: Record<Command, Notice> = {
  start: 'welcome',
  help: 'help',
  reset: 'reset',
  stop: 'nothing-to-stop',
};

/** What is done with each message from the mailbox, and one line in the log for it. */
export function createWorker(options: WorkerOptions): MailHandler {
  const { senders, hashOf, turnIdOf, cozeFor } = options;
  const whyStranded = createStranding(options);

  const about = ({ key, message, attempt }: Delivery) => ({
    turn: turnIdOf(message.id),
    platform: message.target.platform,
    conversation: hashOf(conversationOf(key)),
    attempt,
  });

  /** One line in the log, and one word to whoever counts. */
  function record(
    level: keyof Log,
    delivery: Delivery,
    { failed: _, ...line }: Outcome,
    more?: Pick<AttemptEnd, 'report' | 'heard'>,
  ): void {
    options.log[level]({ ...about(delivery), ...line }, 'turn');
    options.watch?.({ platform: delivery.message.target.platform, outcome: line.outcome, ...more });
  }

  /** Never another bot's: it would write to people who do not know it, or take them for gone. */
  const senderFor = ({ platform, bot }: ReplyTarget) =>
    senders.find((sender) => sender.platform === platform && (sender.bot ?? bot) === bot);

  async function answer(delivery: Delivery, sender: Sender): Promise<Done> {
    if (isControlKey(delivery.key)) return said(await obey(delivery, sender, options));
    const remark = unanswerable(delivery);
    if (remark) {
      await tell(remark, delivery, sender, options);
      return said({ outcome: remark });
    }
    const before = delivery.message.edits && (await delivery.before());
    // Meanwhile something else was asked there.
    const isTimely = before && rephrases(delivery.message, before.message);
    // One that was begun is brought to its end.
    if (delivery.message.edits && !delivery.record && !isTimely) return said({ outcome: 'left' });
    // To a program the text is the answer alone.
    const showReasoning = options.showReasoning && !sender.tellsEnding;
    const tools = { ...options, coze: cozeFor(delivery), showReasoning };
    const report = await runTurn(delivery, sender, tools, before?.record.posted);
    return { line: flatten(report), ended: endedOf(report, delivery.message.author.locale), report };
  }

  return {
    async answer(delivery) {
      const { target } = delivery.message;
      const startedAt = options.clock.now();
      const sender = senderFor(target);
      if (!sender) {
        const error = whyStranded(delivery.message);
        record(...brokenOff(error, delivery));
        throw error;
      }
      hearQuestion(delivery.message, sender, options.posts);
      try {
        const { line, ended, report } = await answer(delivery, sender);
        await sender.end?.(target, ended);
        // An ending that was pending is old: an earlier attempt has asked.
        const heard = report && !delivery.record?.ending ? heardIn(report, startedAt) : undefined;
        record(line.failed ? 'warn' : 'info', delivery, line, { report, heard });
      } catch (error) {
        if (error instanceof TargetGone) {
          // Nobody is there to be answered: trying again would not help, and a dead letter neither.
          await sender.end?.(target, { outcome: 'stopped' });
          record('warn', delivery, { outcome: 'gone', err: error });
          return;
        }
        record(...brokenOff(error, delivery), { heard: heardFrom(error, startedAt) });
        throw error;
      }
    },
    async giveUp(delivery, error) {
      record('error', delivery, { outcome: 'dead letter', ...factsIn(error), err: error });
      const { target, author } = delivery.message;
      const sender = senderFor(target);
      if (!sender) return;
      const failure = error instanceof CozeFailed ? error.facts.kind : 'broken';
      const words = notice(failure, author.locale);
      try {
        if (!sender.tellsEnding) await sayBelow(words, { ...options, delivery, sender, isPatient: true });
      } finally {
        await sender.end?.(target, { outcome: 'failed', failure, words });
      }
    },
  };
}

/** Why a message is not answered by a worker without its platform: no fault of the message's, so none of its attempts. */
function createStranding({ clock, log }: Pick<WorkerOptions, 'clock' | 'log'>) {
  const warnedOf = new Set<string>();
  return ({ target: { platform }, sentAt }: InboundMessage): Error => {
    if (clock.now() - sentAt > strandedForMs)
      return new Error(`no worker has the ${platform} bot that was written to: is another one's store used?`);
    if (!warnedOf.has(platform)) log.warn({ platform, means }, 'this worker lacks a platform');
    warnedOf.add(platform);
    return new Postponed(notOursMs, { outcome: 'not ours', isNews: false });
  };
}

/** What is recorded of an attempt after which there is another one. */
function brokenOff(error: unknown, delivery: Delivery): [level: keyof Log, Delivery, Outcome] {
  if (error instanceof DeliveryLost) return ['info', delivery, { outcome: 'left' }];
  if (!(error instanceof Postponed))
    return ['warn', delivery, { outcome: 'again', ...factsIn(error), err: error }];
  const { outcome, waitMs, cause, isNews } = error;
  const why = cause !== undefined && { ...factsIn(cause), err: cause };
  const level = cause === undefined ? 'info' : 'warn';
  return [isNews ? level : 'debug', delivery, { outcome, waitMs, ...why }];
}

/** What an attempt that broke off tells of Coze: whether it was for Coze that it did. */
function heardFrom(error: unknown, askedAt: number): Heard | undefined {
  const cause = error instanceof Postponed ? error.cause : error;
  return cause instanceof CozeFailed ? { askedAt, failure: cause.facts } : undefined;
}

/** What Coze said of a failure: its support asks for the logid. */
function factsIn(error: unknown): object {
  if (!(error instanceof CozeFailed)) return {};
  const { kind, code, said, logid } = error.facts;
  return { kind, code, said, logid };
}

/** What to say to a message that holds no question. */
function unanswerable({ message }: Delivery): Notice | undefined {
  if (message.text.trim() !== '') return undefined;
  return message.attachments.length > 0 ? 'attachment-only' : 'welcome';
}

async function obey(delivery: Delivery, sender: Sender, options: WorkerOptions): Promise<Outcome> {
  const { remark, target, text } = delivery.message;
  const command = parseCommand(text);
  const outcome = command ?? remark ?? 'help';
  // The answer itself says that it was stopped, unless a word is promised to the command.
  if (remark === 'stopping' && target.token === undefined) return { outcome };
  await tell(remark ?? noticeOf[command ?? 'help'], delivery, sender, options);
  if (command === 'reset') await clearDiscarded(delivery, options);
  return { outcome };
}

/**
 * The next question opens a new conversation whatever comes of this. It is a second lock: a turn that still writes into
 * the old one, in a process that has not heard of the reset, leaves nothing there to be remembered.
 */
async function clearDiscarded(
  delivery: Delivery,
  { cozeFor, conversations, log }: WorkerOptions,
): Promise<void> {
  const key = conversationOf(delivery.key);
  try {
    const { discarded } = await conversations.find(key);
    if (!discarded) return;
    await cozeFor(delivery).clear(discarded);
    await conversations.forgetDiscarded(key, discarded);
  } catch (error) {
    log.debug({ err: error }, 'discarded conversation not cleared');
  }
}

function tell(
  what: Notice,
  delivery: Delivery,
  sender: Sender,
  { clock, budget, posts }: WorkerOptions,
): Promise<void> {
  return say(notice(what, delivery.message.author.locale), { delivery, sender, clock, budget, posts });
}

function flatten({ chat, failure, followUps: _, ...report }: TurnReport): Outcome {
  return { failed: failure !== undefined, ...report, ...chat, ...failure };
}
