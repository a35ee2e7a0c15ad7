import type { RawFile, REST, RequestMethod } from 'discord.js';
import type { Limit } from '../../src/core/ports/budget.ts';
import { limitOf } from './limit.ts';
import { loadDiscord } from './proxy.ts';
import { type DiscordSettings, restOptions } from './settings.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

interface Extras {
  readonly files?: RawFile[];
  readonly query?: Readonly<Record<string, string>>;
  /** Hears what the reply, be it a refusal, says of the limit that has counted the call. */
  readonly onLimit?: (limit: Limit) => void;
}

/** Calls Discord, once; rejects with what `failureOf` understands. */
export type Call = (method: Method, path: `/${string}`, body?: object, extras?: Extras) => Promise<unknown>;

interface Pending extends Pick<Extras, 'onLimit'> {
  hasReply: boolean;
}

/** By the signal that goes along with a call: of what discord.js hands on with a reply, that alone tells which it is for. */
type Calls = WeakMap<AbortSignal, Pending>;

/** With the REST client of discord.js alone, which needs no gateway. */
export function createCall(settings: DiscordSettings, timeoutMs: number): Call {
  const calls: Calls = new WeakMap();
  const opening = open(settings, timeoutMs, calls);
  // Whoever calls hears of it.
  opening.catch(() => undefined);
  return async (method, path, body, { files, query, onLimit } = {}) => {
    // Each time, for it forgets a token that was refused once.
    const rest = (await opening).setToken(settings.DISCORD_BOT_TOKEN);
    // What belongs to an interaction is opened by the token in the path.
    const auth = !/^\/(webhooks|interactions)\//.test(path);
    const { signal } = new AbortController();
    const pending: Pending = { hasReply: false, ...(onLimit && { onLimit }) };
    calls.set(signal, pending);
    try {
      return await rest.request({
        method: method as RequestMethod,
        fullRoute: path,
        body,
        auth,
        signal,
        ...(files && { files }),
        ...(query && { query: new URLSearchParams(query) }),
      });
    } catch (error) {
      // A limit without a reply is one that discord.js has foreseen.
      throw Object.assign(Object(error), { hasReply: pending.hasReply });
    }
  };
}

async function open(settings: DiscordSettings, timeoutMs: number, calls: Calls): Promise<REST> {
  const { REST } = await loadDiscord(settings.proxy);
  const rest = new REST(await restOptions(settings, timeoutMs));
  rest.on('response', ({ data: { signal } }, { headers }) => {
    const pending = signal && calls.get(signal);
    if (!pending) return;
    pending.hasReply = true;
    const limit = limitOf(headers);
    if (limit) pending.onLimit?.(limit);
  });
  return rest;
}
