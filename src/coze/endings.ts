import { CozeFailed } from '../core/errors.ts';
import type { Usage } from '../core/ports/coze.ts';
import { failureOf } from './failure.ts';
import { type Loose, loose, textIn } from './loose.ts';

/** A chat that failed says why in `last_error`, or in the event itself; it is over, so it is never asked again. */
export function failedChat(chat: Loose, logid: string | undefined): CozeFailed {
  return failedBy({ ...chat, ...failedError(chat) }, logid, true);
}

/** What Coze says went wrong, as `code` and `msg`. */
export function failedBy(data: Loose, logid: string | undefined, begun: boolean): CozeFailed {
  const ownLogid = textIn(loose(data.detail)?.logid);
  return failureOf({ code: data.code, said: data.msg, logid: ownLogid ?? logid, begun });
}

function failedError(chat: Loose): Loose {
  const error = loose(chat.last_error);
  // Chats that did not fail have one too, with code 0.
  return error?.code ? error : {};
}

/** Somebody else stopped it, or we did, in another process: it is no use to ask again, and there is no answer to find. */
export function canceledChat(): CozeFailed {
  return cut('the chat was canceled');
}

/** A local plugin would have to run here for the chat to go on. */
export function waitingChat(): CozeFailed {
  const said = 'the bot wants a local plugin, which this bridge does not run';
  return new CozeFailed({ kind: 'config', said, retryable: false });
}

/** The answer broke off. */
export function cut(said: string, logid?: string): CozeFailed {
  return new CozeFailed({ kind: 'cut', said, retryable: false, ...(logid && { logid }) });
}

export function usageOf(chat: Loose): Usage | undefined {
  const { token_count, input_count, output_count } = loose(chat.usage) ?? {};
  if (typeof token_count !== 'number') return undefined;
  return { total: token_count, input: Number(input_count ?? 0), output: Number(output_count ?? 0) };
}
