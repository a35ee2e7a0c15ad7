import { abortingWith } from './aborted.ts';
import type { Ending } from './ending.ts';
import { CozeFailed, type CozeFailure } from './errors.ts';
import type { Gate } from './gate.ts';
import type { Answer, ChatRef, CozeBackend, Question } from './ports/coze.ts';
import type { ConversationStore, TurnRecord } from './ports/store.ts';
import type { RunningTurn } from './running.ts';

export interface AskOptions {
  /** Who shares the conversation. */
  readonly key: string;
  readonly question: Omit<Question, 'conversationId'>;
  /** What an earlier attempt noted. */
  readonly record: TurnRecord | undefined;
  readonly coze: CozeBackend;
  readonly gate: Gate;
  readonly conversations: ConversationStore;
  readonly turn: RunningTurn;
  readonly lost: AbortSignal;
  /** Whether the store knows of a wish to stop. */
  readonly isStopped: () => Promise<boolean>;
  /** Stops a chat at Coze, and does not wait for it. */
  readonly cancel: (chat: ChatRef) => void;
  /** Right before the question is on its way to Coze. */
  readonly onAsking: (place: OpenConversation) => Promise<void>;
  /** Coze has taken the question. */
  readonly onChat: (chat: ChatRef, generation: number, logid: string | undefined) => Promise<void>;
  readonly onText: (text: string) => void;
  readonly onReasoning: (text: string) => void;
}

/** Where a question is asked: Coze's conversation, in the generation that it was looked up in. */
export interface OpenConversation {
  readonly generation: number;
  readonly conversationId: string;
}

/** What has been seen of the chat that is followed. */
interface Seen {
  chat?: ChatRef;
  text: string;
  reasoning?: string;
}

interface Following extends AskOptions {
  readonly place: OpenConversation;
  readonly seen: Seen;
  /** The answer is no longer wanted: ends whatever is heard from Coze. */
  readonly stopping: AbortController;
}

/**
 * Follows one chat to its end: this one, or without one the chat that it asks for. A stream that breaks off is finished
 * from Coze itself. A wish to stop is kept until Coze has named the chat: only then can it be cancelled there. Rejects
 * with what `askCoze` may mend.
 */
export async function follow(
  place: OpenConversation,
  chat: ChatRef | undefined,
  options: AskOptions,
): Promise<Ending> {
  const { lost } = options;
  const { stop } = options.turn;
  const seen: Seen = { text: '', ...(chat && { chat }) };
  const stopping = abortingWith(lost);
  const following = { ...options, place, seen, stopping };
  const heed = (): void => {
    if (seen.chat) stopping.abort();
  };
  stop.addEventListener('abort', heed);
  try {
    const answer = await (chat ? recover(chat, following) : ask(following));
    return { outcome: 'answered', ...answer };
  } catch (error) {
    return endingOf(error, following);
  } finally {
    stop.removeEventListener('abort', heed);
  }
}

class Unwanted extends Error {}

async function ask(following: Following): Promise<Answer> {
  const { seen } = following;
  try {
    return await following.gate.pass(
      async (taken, hasWaited) => {
        // Whoever wants it no more may have said so to the store alone.
        if (hasWaited && (await isUnwanted(following))) throw new Unwanted();
        return read(following, taken);
      },
      AbortSignal.any([following.lost, following.turn.stop]),
    );
  } catch (error) {
    if (!seen.chat || !isKind(error, 'cut')) throw error;
    return recover(seen.chat, following).catch((failure: unknown) => {
      // Coze kept nothing of it: what was seen is all there is. If that is nothing, it may be asked again.
      throw isKind(failure, 'gone') ? cutAt(seen, error) : failure;
    });
  }
}

async function read(following: Following, taken: () => void): Promise<Answer> {
  const { coze, question, place, seen, stopping, onAsking, onText, onReasoning } = following;
  await onAsking(place);
  for await (const event of coze.ask(
    { ...question, conversationId: place.conversationId },
    stopping.signal,
  )) {
    if (event.type === 'done') return event.answer;
    if (event.type === 'text') {
      seen.text = event.text;
      onText(event.text);
    } else if (event.type === 'reasoning') {
      seen.reasoning = event.text;
      onReasoning(event.text);
    } else {
      taken();
      seen.chat = event.chat;
      await following.onChat(event.chat, place.generation, event.logid);
      if (await isUnwanted(following)) stopping.abort();
    }
  }
  throw new CozeFailed({ kind: 'cut', retryable: false });
}

async function recover(chat: ChatRef, following: Following): Promise<Answer> {
  const { coze, seen, stopping } = following;
  const answer = await coze.recover(chat, stopping.signal);
  if (await isUnwanted(following)) stopping.abort();
  stopping.signal.throwIfAborted();
  // Less than what was seen is no recovery.
  if (answer.text.trim() === '' && seen.text.trim() !== '')
    throw new CozeFailed({ kind: 'cut', retryable: false });
  return answer;
}

/** An interrupt is sent once, and may come too early or not at all: the store knows for certain. */
async function isUnwanted({ conversations, key, place, turn, isStopped }: Following): Promise<boolean> {
  if (turn.stop.aborted || (await isStopped())) return true;
  return (await conversations.find(key)).generation > place.generation;
}

function endingOf(error: unknown, { lost, seen, turn, stopping, cancel }: Following): Ending {
  lost.throwIfAborted();
  // It was not its turn yet: Coze knows nothing of it.
  if (error instanceof Unwanted || (turn.stop.aborted && error === turn.stop.reason))
    return { outcome: 'stopped', text: '' };
  const { chat, ...told } = seen;
  if (stopping.signal.aborted && chat) {
    cancel(chat);
    return { outcome: 'stopped', ...told };
  }
  const mendable =
    !(error instanceof CozeFailed) || error.facts.retryable || (isKind(error, 'gone') && !seen.text);
  if (mendable) throw error;
  return { outcome: 'failed', ...told, facts: error.facts };
}

const isKind = (error: unknown, kind: CozeFailure): boolean =>
  error instanceof CozeFailed && error.facts.kind === kind;

function cutAt({ text, reasoning = '' }: Seen, error: unknown): unknown {
  const isUnseen = text.trim() === '' && reasoning.trim() === '';
  return error instanceof CozeFailed ? new CozeFailed({ ...error.facts, retryable: isUnseen }) : error;
}
