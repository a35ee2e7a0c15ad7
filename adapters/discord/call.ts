import type { REST, RequestMethod } from 'discord.js';
import { loadDiscord } from './proxy.ts';
import { type DiscordSettings, restOptions } from './settings.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Calls Discord, once; rejects with what `failureOf` understands. */
export type Call = (method: Method, path: `/${string}`, body?: object) => Promise<unknown>;

/** With the REST client of discord.js alone, which needs no gateway. */
export function createCall(settings: DiscordSettings, timeoutMs: number): Call {
  const opening = open(settings, timeoutMs);
  // Whoever calls hears of it.
  opening.catch(() => undefined);
  return async (method, path, body) => {
    // Each time, for it forgets a token that was refused once.
    const rest = (await opening).setToken(settings.DISCORD_BOT_TOKEN);
    // What belongs to an interaction is opened by the token in the path.
    const auth = !/^\/(webhooks|interactions)\//.test(path);
    return rest.request({ method: method as RequestMethod, fullRoute: path, body, auth });
  };
}

async function open(settings: DiscordSettings, timeoutMs: number): Promise<REST> {
  const { REST } = await loadDiscord(settings.proxy);
  return new REST(await restOptions(settings, timeoutMs));
}
