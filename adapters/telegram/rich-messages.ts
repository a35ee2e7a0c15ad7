import type { Part } from '../../src/core/message.ts';
import type { Log } from '../../src/core/ports/world.ts';
import { type CallFailure, failureOf } from './api.ts';
import { richOf } from './format.ts';
import { isDisliked, isTextMissed, isUnknownMethod } from './refusals.ts';

/** So many messages that could not be rich are remembered. */
const mostRemembered = 1_000;

/**
 * What is known of rich messages: whether the server has them, and which messages it would not have so. Telegram alone
 * can parse them, so that nobody here can tell beforehand.
 */
export function createRichMessages(log: Log) {
  let server: 'unknown' | 'has them' | 'has none' = 'unknown';
  const areOff = () => server === 'has none';
  const plain = new Set<string>();

  function isRefused(failure: CallFailure, isEdit: boolean): boolean {
    const isMissing = isUnknownMethod(failure) || (isEdit && server === 'unknown' && isTextMissed(failure));
    if (!isMissing) return isDisliked(failure);
    if (!areOff()) log.warn({ reason: failure.reason }, noRichMessages);
    server = 'has none';
    return true;
  }

  function remember(message: string): void {
    plain.add(message);
    const [oldest] = plain;
    if (plain.size > mostRemembered && oldest !== undefined) plain.delete(oldest);
  }

  /** Sends the part as a rich message, or else as what it is besides; `message` tells which one is edited. */
  return async function send<T>(
    part: Part,
    ways: { readonly rich: (markdown: string) => Promise<T>; readonly plain: () => Promise<T> },
    { message, idOf }: { readonly message?: string; readonly idOf: (sent: T) => string },
  ): Promise<T> {
    const rich = richOf(part);
    if (rich === undefined || areOff() || (message !== undefined && plain.has(message))) return ways.plain();
    try {
      const sent = await ways.rich(rich);
      server = 'has them';
      return sent;
    } catch (error) {
      const failure = failureOf(error);
      if (!isRefused(failure, message !== undefined)) throw error;
      if (!areOff()) log.debug({ reason: failure.reason }, notRich);
      if (message !== undefined) remember(message);
      const sent = await ways.plain();
      if (message === undefined) remember(idOf(sent));
      return sent;
    }
  };
}

const notRich = 'a message cannot be rich, and is sent with entities';
const noRichMessages = 'this Bot API server does not know rich messages: what is sent has entities instead';
