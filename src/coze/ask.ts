import { CozeAPI, type EnterMessage, RoleType, type StreamChatReq } from '@coze/api';
import { CozeFailed } from '../core/errors.ts';
import type { Said } from '../core/message.ts';
import type { CozeEvent, Question } from '../core/ports/coze.ts';
import { cut } from './endings.ts';
import { requireId } from './ids.ts';
import { loose } from './loose.ts';
import { createRun, type Run } from './run.ts';
import { forSdk } from './sdk-stream.ts';
import { isWorthAnother } from './tokens.ts';
import { type Access, openWire } from './wire.ts';

export interface AskOptions {
  readonly access: Access;
  readonly botId: string;
  readonly saveHistory: boolean;
  readonly question: Question;
  readonly signal: AbortSignal;
}

/** Asks a question and tells the answer as it grows; see `CozeBackend.ask`. */
export async function* ask(options: AskOptions): AsyncGenerator<CozeEvent> {
  const { signal, access } = options;
  const { tokens } = access;
  const token = await tokens.take(signal);
  const run = createRun();
  try {
    return yield* askOnce(options, token, run);
  } catch (error) {
    if (run.begun || !isWorthAnother(tokens, token, error)) throw error;
  }
  yield* askOnce(options, await tokens.take(signal), run);
}

async function* askOnce(options: AskOptions, token: string, run: Run): AsyncGenerator<CozeEvent> {
  const { access, signal } = options;
  const lost = (said: string): CozeFailed => (run.begun ? cut(said, wire.logid) : notTaken(said, wire.logid));
  const wire = openWire({
    line: access,
    signal,
    patienceMs: patienceWith(run, access),
    lost,
    read: (bytes, head) =>
      forSdk({ bytes, head, maxBytes: access.limits.eventBytes, fail: (error) => wire.fail(error) }),
  });
  const coze = new CozeAPI({ token, baseURL: access.baseUrl, axiosOptions: wire.sending });

  try {
    for await (const { event, data } of coze.chat.stream(requestOf(options))) {
      // What was received before the abort still comes.
      signal.throwIfAborted();
      const news = run.take(event, loose(data) ?? {}, wire.logid);
      if (news) yield news;
    }
  } catch (error) {
    signal.throwIfAborted();
    // The SDK's message for an event that is not JSON holds the event (and with it the reader's text).
    const ours =
      error instanceof CozeFailed ? error : (wire.failure ?? cut('an event that is not JSON', wire.logid));
    if (!run.whole) throw ours;
  } finally {
    wire.close();
  }
  signal.throwIfAborted();
  // Once the chat has completed, nothing that goes wrong with the rest of the stream makes the answer less whole.
  if (!run.whole) throw wire.failure ?? lost('the stream ended before the answer did');
  yield { type: 'done', answer: run.answer };
}

function requestOf({ botId, saveHistory, question }: AskOptions): StreamChatReq {
  const { name, platform, locale } = question.speaker;
  const { context = [], variables } = question.enclosure ?? {};
  return {
    conversation_id: requireId(question.conversationId),
    bot_id: botId,
    user_id: question.userId,
    additional_messages: [...context.map(toContext), toMessage(question)],
    custom_variables: {
      platform,
      ...(name && { user_name: name }),
      ...(locale && { locale }),
      ...variables,
    },
    auto_save_history: saveHistory,
  };
}

function toContext({ role, text }: Said): EnterMessage {
  return role === 'user'
    ? { role: RoleType.User, type: 'question', content: text, content_type: 'text' }
    : { role: RoleType.Assistant, type: 'answer', content: text, content_type: 'text' };
}

function toMessage({ text, turnId, enclosure: { files = [] } = {} }: Question): EnterMessage {
  const message = { role: RoleType.User, type: 'question', meta_data: { turn_id: turnId } } as const;
  if (files.length === 0) return { ...message, content: text, content_type: 'text' };
  const items = [{ type: 'text', text }, ...files.map(({ id, kind }) => ({ type: kind, file_id: id }))];
  return { ...message, content: JSON.stringify(items), content_type: 'object_string' };
}

/** The first event has a deadline, so has the end of a stream whose answer is whole; in between, silence has a limit. */
function patienceWith(run: Run, { clock, limits }: Access): () => number {
  const firstBy = clock.now() + limits.firstEventMs;
  let endBy: number | undefined;
  return () => {
    if (!run.begun) return firstBy - clock.now();
    if (!run.whole) return limits.idleMs;
    endBy ??= clock.now() + limits.endMs;
    return endBy - clock.now();
  };
}

/**
 * Not one event came. Asking again is right when Coze could not be reached, and is a risk when the request was on its
 * way: Coze may have taken it, and is then asked, and paid, twice. Better that than a question that nobody answers.
 */
function notTaken(said: string, logid: string | undefined): CozeFailed {
  return new CozeFailed({ kind: 'busy', said, retryable: true, isAway: true, ...(logid && { logid }) });
}
