import type { Client } from 'discord.js';
import { backOffMs } from '../../src/core/back-off.ts';
import type { Clock, Log } from '../../src/core/ports/world.ts';
import { abortion } from './abortion.ts';
import type { OpenClient } from './client.ts';
import { createEpisode, type Episode } from './episode.ts';
import { failureOf, masked } from './failure.ts';
import { leave } from './leave.ts';
import { tokenRefused } from './settings.ts';
import { TooSoon } from './starts.ts';
import { watch } from './watch.ts';

/** Discord will never have us like this. The message says what to do; nothing is tried again. */
class Refused extends Error {
  override readonly name = 'Refused';
}

interface ConnectionOptions {
  /** A client that already listens. */
  readonly open: () => Promise<OpenClient>;
  readonly token: string;
  /** A client hears for the first time. */
  readonly onReady: (client: Client<true>) => Promise<void>;
  /** It hears again, all of it. */
  readonly onFound: () => void;
  /** Something is not heard at present, for this reason. */
  readonly onLost: (reason: string) => void;
  /** How long the goodbye may take. */
  readonly leaveMs: number;
  /** How long nothing may come of an attempt to connect. */
  readonly silentMs: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

interface FollowOptions extends Pick<ConnectionOptions, 'log' | 'signal' | 'onFound' | 'onLost'> {
  readonly unreachable: Episode;
}

const longestWaitMs = 30_000;

/** Connects to the gateway, however often it takes, and stays so. Rejects when refused, or with the signal's reason. */
export async function stayConnected(options: ConnectionOptions): Promise<never> {
  const { clock, log, signal } = options;
  const unreachable = createEpisode({
    begin: (fields) => log.warn(fields, 'Discord cannot be reached; trying again'),
    end: (fields) => log.info(fields, 'Discord is reached again'),
  });
  const aborted = abortion(signal);
  let failures = 0;
  const onReady = (client: Client<true>) => {
    failures = 0;
    return options.onReady(client);
  };
  for (;;) {
    try {
      await connect({ ...options, onReady, unreachable, aborted });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Refused) throw error;
      const { reason, retryAfterMs = 0 } = reasonOf(error);
      unreachable.begin({ reason });
      options.onLost(reason);
      await clock.sleep(Math.max(retryAfterMs, backOffMs(failures, longestWaitMs)), signal);
      failures += 1;
    }
  }
}

/** Once connected, discord.js mends by itself what breaks: it resumes, or begins a new session; not for ever. */
async function connect(
  options: ConnectionOptions & FollowOptions & { readonly aborted: Promise<never> },
): Promise<never> {
  const { open, token, onReady, leaveMs, clock, signal, unreachable, aborted } = options;
  const { client, broken } = await open();
  const over = new AbortController();
  try {
    const following = { ...options, signal: AbortSignal.any([signal, over.signal]) };
    follow(client, following);
    const end = Promise.race([refusal(client), watch(client, following), broken, aborted]);
    const isReady = new Promise<Client<true>>((resolve) => client.once('clientReady', resolve));
    await Promise.race([end, Promise.all([client.login(token), isReady])]);
    unreachable.end();
    await Promise.race([end, onReady(await isReady)]);
    return await end;
  } catch (error) {
    throw isTokenRefused(error) ? new Refused(tokenRefused) : error;
  } finally {
    over.abort();
    await Promise.race([leave(client), clock.sleep(leaveMs)]);
  }
}

/** Tells of a connection that was lost and found again, once each; nothing of what discord.js says besides. */
function follow(client: Client, { log, signal, unreachable, onFound, onLost }: FollowOptions): void {
  const lost = new Set<number>();
  const away = createEpisode({
    begin: (fields) => log.info(fields, 'the connection to Discord has ended; connecting again'),
    end: (fields) => log.info(fields, 'connected to Discord again'),
  });
  const found = (shard: number) => {
    unreachable.end();
    if (!lost.delete(shard) || lost.size > 0) return;
    away.end();
    onFound();
  };
  client.on('shardReconnecting', (shard) => {
    // It says so of our own goodbye too.
    if (signal.aborted) return;
    lost.add(shard);
    away.begin();
    onLost('the connection has ended');
  });
  client.on('shardResume', found);
  client.on('shardReady', found);
  let isRefused = false;
  client.on('shardDisconnect', () => {
    isRefused = true;
  });
  // It has one for a refusal too, which is told in words of its own.
  client.on('shardError', (error) => !isRefused && unreachable.begin(reasonOf(error)));
  client.on('error', (error) => log.warn(reasonOf(error), 'discord.js reports an error'));
}

/** Rejects when Discord closes the connection for good. */
function refusal(client: Client): Promise<never> {
  return new Promise((_, reject) => {
    client.on('shardDisconnect', ({ code }) => {
      reject(new Refused(refusals[code] ?? `Discord has closed the connection for good (${code})`));
    });
  });
}

// The gateway's close codes (topics/opcodes-and-status-codes).
const refusals: Record<number, string> = {
  4004: tokenRefused,
  4014: 'Discord does not let this bot read all messages: in the developer portal, under Bot, switch on Message Content Intent, or unset DISCORD_MESSAGE_CONTENT',
};

const isTokenRefused = (error: unknown): boolean =>
  Object(error).code === 'TokenInvalid' || failureOf(error).status === 401;

/** Errors of the gateway have words, but no code and no status. */
function reasonOf(error: unknown): { readonly reason: string; readonly retryAfterMs?: number } {
  if (error instanceof TooSoon) return { reason: error.message, retryAfterMs: error.retryAfterMs };
  const { status, reason, retryAfterMs } = failureOf(error);
  const isNameless = status === undefined && reason === 'no answer' && error instanceof Error;
  return {
    reason: isNameless ? masked(error.message) : reason,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}
