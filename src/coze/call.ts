import { CozeAPI } from '@coze/api';
import { CozeFailed } from '../core/errors.ts';
import { failureOfReply, jsonOf, type ReplyHead } from './refusal.ts';
import { isWorthAnother } from './tokens.ts';
import { type Access, openWire, textOf, type Wire, type WireOptions } from './wire.ts';

/**
 * One call that is not a stream. The SDK gives `undefined` for a reply that is not JSON and waits for ever for
 * one that does not come; here each rejects with what happened.
 */
export async function call<T>(
  access: Access,
  run: (coze: CozeAPI) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const { tokens, baseUrl, limits } = access;
  const ask = (token: string): Promise<T> =>
    exchange({
      line: access,
      signal,
      answerMs: limits.requestMs,
      read: async (bytes, head) => toEnvelope(head, await textOf(bytes)),
      send: (sending) => run(new CozeAPI({ token, baseURL: baseUrl, axiosOptions: sending })),
    });
  const token = await tokens.take(signal);
  try {
    return await ask(token);
  } catch (error) {
    if (!isWorthAnother(tokens, token, error)) throw error;
    return await ask(await tokens.take(signal));
  }
}

interface Exchange<T> extends Omit<WireOptions, 'patienceMs' | 'lost'> {
  /** How long the whole answer may take. */
  readonly answerMs: number;
  readonly send: (sending: Wire['sending']) => Promise<T>;
}

/** One request and its reply. */
export async function exchange<T>({ answerMs, send, ...options }: Exchange<T>): Promise<T> {
  const { line, signal } = options;
  const answerBy = line.clock.now() + answerMs;
  const wire = openWire({
    ...options,
    patienceMs: () => answerBy - line.clock.now(),
    lost: (said) => new CozeFailed({ kind: 'busy', said, retryable: true, isAway: true }),
  });
  try {
    return await send(wire.sending);
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof CozeFailed ? error : (wire.failure ?? error);
  }
}

function toEnvelope(head: ReplyHead, body: string): unknown {
  const json = jsonOf(body);
  if (!json || (json.code !== 0 && json.code !== undefined)) throw failureOfReply(head, body);
  return json;
}
