import { CozeFailed, type CozeFailureFacts } from './errors.ts';
import type {
  Answer,
  ChatRef,
  ConversationStore,
  CozeBackend,
  Question,
  TurnRecord,
  Usage,
} from './ports.ts';
import type { RunningTurns } from './running.ts';

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
  readonly running: RunningTurns;
  readonly lost: AbortSignal;
  /** The question is on its way to Coze. */
  readonly onAsked: () => void;
  /** Coze has taken the question. */
  readonly onChat: (chat: ChatRef, generation: number) => Promise<void>;
  readonly onText: (text: string) => void;
}

/** Where a question is asked: Coze's conversation, in the generation that it was looked up in. */
export interface Place {
  readonly generation: number;
  readonly conversationId: string;
}

/**
 * Follows one chat from its question to its end. A stream that breaks off is finished from Coze itself. A wish to stop
 * is kept until Coze has named the chat: only then can it be cancelled there. Rejects with what `askCoze` may mend.
 */
export async function follow(place: Place, stop: AbortSignal, options: AskOptions): Promise<Ending> {
  const { coze, lost, record } = options;
  const stopping = new AbortController();
  const seen: { chat?: ChatRef; text: string } = { text: '', ...(record?.chat && { chat: record.chat }) };
  const stopOnceNamed = (): void => {
    if (seen.chat && stop.aborted) stopping.abort();
  };
  stop.addEventListener('abort', stopOnceNamed, { once: true });
  const signal = AbortSignal.any([lost, stopping.signal]);
  try {
    const answer = seen.chat
      ? await coze.recover(seen.chat, signal)
      : await read(place, seen, { ...options, signal, stopping, stopOnceNamed }).catch((error: unknown) =>
          finish(coze, seen.chat, error, signal),
        );
    return { outcome: 'answered', text: answer.text, usage: answer.usage };
  } catch (error) {
    return await endingOf(error, seen, { coze, lost, stopping: stopping.signal });
  } finally {
    stop.removeEventListener('abort', stopOnceNamed);
  }
}

interface ReadOptions extends AskOptions {
  readonly signal: AbortSignal;
  readonly stopping: AbortController;
  readonly stopOnceNamed: () => void;
}

async function read(
  place: Place,
  seen: { chat?: ChatRef; text: string },
  options: ReadOptions,
): Promise<Answer> {
  const { coze, conversations, key, question, signal } = options;
  options.onAsked();
  for await (const event of coze.ask({ ...question, conversationId: place.conversationId }, signal)) {
    if (event.type === 'done') return event.answer;
    if (event.type === 'text') {
      seen.text = event.text;
      options.onText(event.text);
    } else {
      seen.chat = event.chat;
      await options.onChat(event.chat, place.generation);
      // An interrupt comes at most once, and may have come too early or not at all: the store knows for certain.
      if ((await conversations.find(key)).generation > place.generation) options.stopping.abort();
      else options.stopOnceNamed();
    }
  }
  throw new CozeFailed({ kind: 'cut', retryable: false });
}

/** The answer of a stream that broke off, where Coze kept it. */
function finish(
  coze: CozeBackend,
  chat: ChatRef | undefined,
  error: unknown,
  signal: AbortSignal,
): Promise<Answer> {
  const broken = error instanceof CozeFailed && error.facts.kind === 'cut';
  if (!broken || !chat) return Promise.reject(error);
  return coze.recover(chat, signal).catch((failure: unknown) => {
    // History is not kept (`gone`): what was shown is all there is.
    throw failure instanceof CozeFailed && failure.facts.kind === 'gone' ? error : failure;
  });
}

interface Circumstances {
  readonly coze: CozeBackend;
  readonly lost: AbortSignal;
  readonly stopping: AbortSignal;
}

async function endingOf(
  error: unknown,
  seen: { readonly chat?: ChatRef; readonly text: string },
  { coze, lost, stopping }: Circumstances,
): Promise<Ending> {
  lost.throwIfAborted();
  if (stopping.aborted && seen.chat) {
    await cancelQuietly(coze, seen.chat);
    return { outcome: 'stopped', text: seen.text };
  }
  const mendable =
    !(error instanceof CozeFailed) || error.facts.retryable || (error.facts.kind === 'gone' && !seen.text);
  if (mendable) throw error;
  return { outcome: 'failed', text: seen.text, facts: error.facts };
}

/** A chat that cannot be cancelled is over soon, one way or the other. */
export async function cancelQuietly(coze: CozeBackend, chat: ChatRef): Promise<void> {
  await coze.cancel(chat).catch(() => undefined);
}
