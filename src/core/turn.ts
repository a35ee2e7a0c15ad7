import { abortingWith } from './aborted.ts';
import { createAnswerSource } from './answer-source.ts';
import { askCoze } from './asking.ts';
import { sitOut } from './away.ts';
import { stopButton } from './buttons.ts';
import type { Ending } from './ending.ts';
import { TargetGone } from './errors.ts';
import type { AskOptions } from './following.ts';
import type { Gate } from './gate.ts';
import { land } from './landing.ts';
import { createLiveReply, type LiveReply } from './live-reply.ts';
import type { InboundMessage, MessageRef } from './message.ts';
import { createNotebook, type Notebook } from './notebook.ts';
import { notice } from './notices.ts';
import type { Budget } from './ports/budget.ts';
import type { ChatRef, CozeBackend } from './ports/coze.ts';
import type { Sender } from './ports/platform.ts';
import type { Posts } from './ports/posts.ts';
import type { ConversationStore, Delivery, Suggestions } from './ports/store.ts';
import type { Clock } from './ports/world.ts';
import type { RunningTurns } from './running.ts';
import { type Marks, report, type TurnReport } from './turn-report.ts';
import { keepTyping } from './typing.ts';

export interface TurnTools {
  readonly coze: CozeBackend;
  readonly gate: Gate;
  readonly conversations: ConversationStore;
  readonly suggestions: Suggestions;
  readonly posts: Posts;
  readonly running: RunningTurns;
  readonly clock: Clock;
  readonly budget: Budget;
  /** Coze's user_id for a person: a hash, never the platform's own id. */
  readonly userIdOf: (platform: string, personId: string) => string;
  /** A name for the turn that tells nothing of the message it answers. */
  readonly turnIdOf: (messageId: string) => string;
  readonly showReasoning: boolean;
  /** So many messages an answer may have; the rest goes into a file. */
  readonly longAnswerMessages: number;
}

/**
 * One question and its answer: asks Coze, and lets the answer grow where the question was asked, in these messages if
 * there are some. Rejects with Postponed while Coze or the platform is away.
 */
export async function runTurn(
  delivery: Delivery,
  sender: Sender,
  tools: TurnTools,
  posted?: readonly MessageRef[],
): Promise<TurnReport> {
  const { clock, budget, posts, running } = tools;
  const { message, lost } = delivery;
  const startedAt = clock.now();
  const pending = await pendingEnding(delivery, tools);
  const marks: Marks = {};
  const notebook = createNotebook(delivery, clock, posted);
  const turn = running.enter(delivery.key, message.id);
  if (pending) turn.joins(notebook.record.generation);
  const over = abortingWith(lost);
  /** What is said after that, nobody would see. */
  const deaf = abortingWith(lost);
  const onBroken = (error: unknown) => deaf.abort(error);
  const live = openReply(delivery, sender, tools, { notebook, signal: over.signal, pending, onBroken });
  const asking = abortingWith(over.signal);
  const typing = abortingWith(asking.signal);
  let isTypingOn = false;
  const type = (signal: AbortSignal) =>
    void keepTyping({ sender, target: message.target, answer: answerKey(message), clock, budget }, signal);
  const sourceOf = sender.tellsEnding ? asSaid : createAnswerSource(message, tools.showReasoning);
  /** A chat that was stopped here is stopped at Coze too before the next question, which would be refused. */
  const cancelling: Promise<void>[] = [];
  const said = { text: '', reasoning: '' };

  function show(news: Partial<typeof said>): void {
    Object.assign(said, news);
    if (marks.firstTextAt === undefined) {
      const isThere = said.text.trim() !== '' || (tools.showReasoning && said.reasoning !== '');
      if (!isThere) return;
      marks.firstTextAt = clock.now();
      typing.abort('the answer has begun');
    }
    live.show(sourceOf(said));
    if (live.isFull && !isTypingOn) {
      // Else it would look as if nothing came any more.
      isTypingOn = true;
      type(asking.signal);
    }
  }

  const cancel = (chat: ChatRef) => void cancelling.push(tools.coze.cancel(chat).catch(() => undefined));

  async function ask(): Promise<Ending> {
    type(typing.signal);
    return askCoze({
      ...questionOf(delivery, tools),
      lost: deaf.signal,
      turn,
      cancel,
      async onAsking({ conversationId, generation }) {
        await notebook.asking(conversationId, generation);
        marks.askedAt = clock.now();
      },
      onChat: (chat, generation, logid) => {
        marks.logid = logid;
        return notebook.chat(chat, generation);
      },
      onText: (text) => show({ text }),
      onReasoning: (reasoning) => show({ reasoning }),
    });
  }

  try {
    const ending = pending ?? (await ask());
    asking.abort();
    const landing = { live, over, turn, notebook, delivery, sender, clock, budget, posts, sourceOf };
    const outcome = await land(ending, { ...landing, ...pick(tools, message) });
    return report({ ending, outcome, marks, startedAt, live, notebook, clock });
  } catch (error) {
    // Nobody is there to read the rest.
    if (error instanceof TargetGone && notebook.record.chat) cancel(notebook.record.chat);
    const tell = () => live.finish(notice('away', message.author.locale));
    throw await sitOut(error, { notebook, clock, ...(!sender.tellsEnding && { tell }) });
  } finally {
    turn.leave();
    over.abort();
    // The next attempt may begin at once: no write of this one may come after it, but for a sign of typing.
    await live.ended();
    await Promise.all(cancelling);
  }
}

const pick = ({ suggestions, turnIdOf }: TurnTools, { id }: InboundMessage) => ({
  suggestions,
  turnId: turnIdOf(id),
});

/** For a program the text is the answer alone. */
const asSaid = ({ text }: { readonly text: string }): string => text;

const answerKey = ({ id }: InboundMessage): string => `${id}/answer`;

interface Opening {
  readonly notebook: Notebook;
  readonly signal: AbortSignal;
  readonly pending: Ending | undefined;
  readonly onBroken: (error: unknown) => void;
}

function openReply(
  { message, assertHeld }: Delivery,
  sender: Sender,
  { clock, budget, posts, turnIdOf, longAnswerMessages }: TurnTools,
  { notebook, signal, pending, onBroken }: Opening,
): LiveReply {
  const { author, target, id } = message;
  return createLiveReply({
    sender,
    target,
    key: answerKey(message),
    clock,
    budget,
    posts,
    ...(!sender.tellsEnding && { button: stopButton(turnIdOf(id), author.id, author.locale) }),
    longest: longestOf(pending, notebook.record.posted, longAnswerMessages),
    signal,
    onBroken,
    assertHeld,
    ...notebook.forReply,
  });
}

/** How many messages the answer may have. */
function longestOf(pending: Ending | undefined, posted: readonly MessageRef[], usual: number): number {
  // Of what is not wanted any more no further message is posted.
  if (pending?.outcome === 'stopped') return Math.max(1, posted.length);
  const last = posted[usual];
  // Where a file was not possible, an earlier attempt has gone on in messages.
  return last && !last.isFile ? Number.POSITIVE_INFINITY : usual;
}

/** What an earlier attempt came to, where only the final was pending; unless nobody wants it any more. */
async function pendingEnding(
  { key, record, isStopped }: Delivery,
  { conversations }: TurnTools,
): Promise<Ending | undefined> {
  if (!record?.ending) return undefined;
  const { generation } = await conversations.find(key);
  const isWanted = record.generation >= generation && !(await isStopped());
  if (isWanted || record.ending.outcome === 'failed') return record.ending;
  const { text, reasoning } = record.ending;
  return { outcome: 'stopped', text, ...(reasoning && { reasoning }) };
}

type Questioned = Omit<AskOptions, 'turn' | 'lost' | 'cancel' | `on${string}`>;

function questionOf({ key, message, record, isStopped }: Delivery, tools: TurnTools): Questioned {
  const { coze, gate, conversations, userIdOf, turnIdOf } = tools;
  const { author, target, text, id, enclosure } = message;
  const { platform } = target;
  return {
    key,
    record,
    isStopped,
    coze,
    gate,
    conversations,
    question: {
      userId: userIdOf(platform, author.id),
      text,
      turnId: turnIdOf(id),
      ...(enclosure && { enclosure }),
      speaker: {
        platform,
        ...(author.name && { name: author.name }),
        ...(author.locale && { locale: author.locale }),
      },
    },
  };
}
