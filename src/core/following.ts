import { abortingWith } from './aborted.ts';
import { CozeFailed, type CozeFailure, type CozeFailureFacts } from './errors.ts';
import type { Answer, ChatRef, CozeBackend, Question, Usage } from './ports/coze.ts';
import type { ConversationStore, TurnRecord } from './ports/store.ts';
import type { RunningTurn } from './running.ts';

/** How a question ended; `text` is all there is of the answer. */
export type Ending =
  | { readonly outcome: 'answered'; readonly text: string; readonly usage: Usage | undefined }
  | { readonly outcome: 'stopped'; readonly text: string }
  | { readonly outcome: 'failed'; readonly text: string; readonly facts: CozeFailureFacts };

export interface AskOptions {
  /** Who shares the conversation. */
  readonly key: string;
  readonly question: Omit<Question, 'conversationId'>;
  /** What an earlier attempt noted. */
  readonly record: TurnRecord | undefined;
  readonly coze: CozeBackend;
  readonly conversations: ConversationStore;
  readonly turn: RunningTurn;
  readonly lost: AbortSignal;
  /** The question is on its way to Coze. */
  readonly onAsked: () => void;
  /** Coze has taken the question. */
  readonly onChat: (chat: ChatRef, generation: number, logid: string | undefined) => Promise<void>;
  readonly onText: (text: string) => void;
}

/** Where a question is asked: Coze's conversation, in the generation that it was looked up in. */
export interface Place {
  readonly generation: number;
  readonly conversationId: string;
}

/** What has been seen of the chat that is followed. */
interface Seen {
  chat?: ChatRef;
  text: string;
}

interface Following extends AskOptions {
  readonly place: Place;
  readonly seen: Seen;
  /** The answer is no longer wanted: ends whatever is heard from Coze. */
  readonly stopping: AbortController;
}

/**
 * Follows one chat from its question to its end. A stream that breaks off is finished from Coze itself. A wish to stop
 * is kept until Coze has named the chat: only then can it be cancelled there. Rejects with what `askCoze` may mend.
 */
export async function follow(place: Place, options: AskOptions): Promise<Ending> {
  const { lost, record } = options;
  const { stop } = options.turn;
  const seen: Seen = { text: '', ...(record?.chat && { chat: record.chat }) };
  const stopping = abortingWith(lost);
  const following = { ...options, place, seen, stopping };
  const heed = (): void => {
    if (seen.chat) stopping.abort();
  };
  stop.addEventListener('abort', heed);
  try {
    const { text, usage } = await (seen.chat ? recover(seen.chat, following) : ask(following));
    return { outcome: 'answered', text, usage };
  } catch (error) {
    return await endingOf(error, following);
  } finally {
    stop.removeEventListener('abort', heed);
  }
}

async function ask(following: Following): Promise<Answer> {
  const { seen } = following;
  try {
    return await read(following);
  } catch (error) {
    if (!seen.chat || !isKind(error, 'cut')) throw error;
    return recover(seen.chat, following).catch((failure: unknown) => {
      // Coze kept nothing of it: what was seen is all there is.
      throw isKind(failure, 'gone') ? error : failure;
    });
  }
}

async function read(following: Following): Promise<Answer> {
  const { coze, question, place, seen, stopping, turn, onAsked, onChat, onText } = following;
  onAsked();
  for await (const event of coze.ask(
    { ...question, conversationId: place.conversationId },
    stopping.signal,
  )) {
    if (event.type === 'done') return event.answer;
    if (event.type === 'text') {
      seen.text = event.text;
      onText(event.text);
    } else {
      seen.chat = event.chat;
      await onChat(event.chat, place.generation, event.logid);
      if (turn.stop.aborted || (await isOutdated(following))) stopping.abort();
    }
  }
  throw new CozeFailed({ kind: 'cut', retryable: false });
}

async function recover(chat: ChatRef, following: Following): Promise<Answer> {
  const { coze, seen, stopping } = following;
  const answer = await coze.recover(chat, stopping.signal);
  if (await isOutdated(following)) stopping.abort();
  stopping.signal.throwIfAborted();
  // Less than what was seen is no recovery.
  if (answer.text.trim() === '' && seen.text.trim() !== '')
    throw new CozeFailed({ kind: 'cut', retryable: false });
  return answer;
}

/** An interrupt is sent once, and may come too early or not at all: the store knows for certain. */
async function isOutdated({ conversations, key, place }: Following): Promise<boolean> {
  return (await conversations.find(key)).generation > place.generation;
}

async function endingOf(error: unknown, { coze, lost, seen, stopping }: Following): Promise<Ending> {
  lost.throwIfAborted();
  if (stopping.signal.aborted && seen.chat) {
    await cancelQuietly(coze, seen.chat);
    return { outcome: 'stopped', text: seen.text };
  }
  const mendable =
    !(error instanceof CozeFailed) || error.facts.retryable || (isKind(error, 'gone') && !seen.text);
  if (mendable) throw error;
  return { outcome: 'failed', text: seen.text, facts: error.facts };
}

const isKind = (error: unknown, kind: CozeFailure): boolean =>
  error instanceof CozeFailed && error.facts.kind === kind;

/** A chat that cannot be cancelled is over soon, one way or the other. */
export async function cancelQuietly(coze: CozeBackend, chat: ChatRef): Promise<void> {
  await coze.cancel(chat).catch(() => undefined);
}
