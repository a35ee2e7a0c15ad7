import type { CozeAPI } from '@coze/api';
import { CozeFailed } from '../core/errors.ts';
import { failureOfReply, jsonOf } from './refusal.ts';
import { type Access, openWire, textOf } from './wire.ts';

/**
 * One call that is not a stream. The SDK gives `undefined` for a reply that is not JSON and waits for ever for
 * one that does not come; here each rejects with what happened.
 */
export async function call<T>(
  access: Access,
  run: (coze: CozeAPI) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const { clock, limits } = access;
  const answerBy = clock.now() + limits.requestMs;
  const wire = openWire({
    access,
    signal,
    patienceMs: () => answerBy - clock.now(),
    lost: (said) => new CozeFailed({ kind: 'busy', said, retryable: true }),
    read: async (bytes, head) => {
      const body = await textOf(bytes);
      const json = jsonOf(body);
      if (!json || (json.code !== 0 && json.code !== undefined)) throw failureOfReply(head, body);
      return json;
    },
  });
  try {
    return await run(wire.coze);
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof CozeFailed ? error : (wire.failure ?? error);
  }
}
