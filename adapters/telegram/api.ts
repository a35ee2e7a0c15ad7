import { Api, GrammyError, HttpError } from 'grammy';
import type { ProxyWay } from '../platform.ts';

export interface TelegramSettings {
  readonly TELEGRAM_BOT_TOKEN: string;
  readonly TELEGRAM_API_ROOT: string;
  readonly proxy?: ProxyWay | undefined;
}

export function createApi(settings: TelegramSettings, timeoutSeconds: number): Api {
  const { TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: apiRoot, proxy } = settings;
  const agent = apiRoot.startsWith('https:') ? proxy?.httpsAgent : proxy?.httpAgent;
  return new Api(token, { apiRoot, timeoutSeconds, ...(agent && { baseFetchConfig: { agent } }) });
}

export const tokenRefused =
  'Telegram does not accept TELEGRAM_BOT_TOKEN: copy the current token whole from @BotFather, or ask it for a new one';

/** What is known of a call that failed, without the token, payload and address that grammY's errors carry. */
export interface CallFailure {
  /** Telegram's error code; undefined when no answer of Telegram was read. */
  readonly code: number | undefined;
  /** For the log: holds no id and no token. */
  readonly reason: string;
  readonly retryAfterMs?: number;
  /** The group is a supergroup now, with this id. */
  readonly movedTo?: number;
  readonly landed: 'no' | 'unknown';
}

export function failureOf(error: unknown): CallFailure {
  const isRefusal = error instanceof GrammyError && typeof error.error_code === 'number';
  return isRefusal ? refusal(error) : networkFailure(error instanceof HttpError ? error.error : error);
}

function refusal({ error_code, description, parameters }: GrammyError): CallFailure {
  const { retry_after, migrate_to_chat_id } = parameters;
  return {
    code: error_code,
    reason: masked(String(description)),
    ...(retry_after !== undefined && { retryAfterMs: retry_after * 1_000 }),
    ...(migrate_to_chat_id !== undefined && { movedTo: migrate_to_chat_id }),
    landed: error_code < 500 ? 'no' : 'unknown',
  };
}

/** What another program has said, fit for the log: holds no id and no token, and at most 200 characters. */
export function masked(said: string): string {
  return said.replace(idsAndTokens, '…').slice(0, 200);
}

const idsAndTokens = /-?\d{5,}(:[\w-]+)?/g;

/** Codes of connections that never came about. */
const neverConnected =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPROTO|.*CERT.*|ERR_TLS_.*|the proxy .*)$/;

function networkFailure(error: unknown): CallFailure {
  const { code, type } = Object(error) as { readonly code?: unknown; readonly type?: unknown };
  if (typeof code === 'string') {
    return { code: undefined, reason: code, landed: neverConnected.test(code) ? 'no' : 'unknown' };
  }
  const reason = type === 'invalid-json' ? 'something that is not the Bot API answered' : 'no answer';
  return { code: undefined, reason, landed: 'unknown' };
}

/** grammY types its signals after a polyfill that lacks what no call of it needs. */
export function signalFor(signal: AbortSignal): Parameters<Api['getMe']>[0] {
  return signal as unknown as Parameters<Api['getMe']>[0];
}
