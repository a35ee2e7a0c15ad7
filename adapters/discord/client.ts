import type { Client } from 'discord.js';
import type { Clock } from '../../src/core/ports/world.ts';
import { abortion } from './abortion.ts';
import { connectBy, loadDiscord } from './proxy.ts';
import { type DiscordSettings, restOptions } from './settings.ts';
import { sturdyShards } from './shards.ts';
import type { Starts } from './starts.ts';

/** How long servers that Discord has announced are waited for. Nothing that is heard depends on them. */
const waitGuildTimeout = 3_000;
const restTimeoutMs = 10_000;

interface ClientOptions {
  readonly starts: Starts;
  readonly clock: Clock;
  /** Hears of what went wrong inside, and is of no consequence. */
  readonly tell: (error: unknown) => void;
}

export interface OpenClient {
  readonly client: Client;
  /** Rejects when it is of no more use. */
  readonly broken: Promise<never>;
}

/**
 * A client of the gateway. Messages are read as they come and kept nowhere; what it must keep are the channels and
 * threads, and of all people itself.
 */
export async function createClient(settings: DiscordSettings, options: ClientOptions): Promise<OpenClient> {
  const discord = await loadDiscord(settings.proxy);
  const { Client, GatewayIntentBits, Options } = discord;
  const failed = new AbortController();
  const broken = abortion(failed.signal);
  const { Guilds, GuildMessages, DirectMessages, MessageContent } = GatewayIntentBits;
  const onlySelf = {
    maxSize: 0,
    keepOverLimit: ({ id, client }: { id: string; client: Client }) => id === client.user?.id,
  };
  const client = new Client({
    intents: [
      Guilds,
      GuildMessages,
      DirectMessages,
      ...(settings.DISCORD_MESSAGE_CONTENT ? [MessageContent] : []),
    ],
    shards: 'auto',
    waitGuildTimeout,
    ws: sturdyShards(discord, { ...options, fail: (error) => failed.abort(error) }),
    rest: await restOptions(settings, restTimeoutMs),
    makeCache: Options.cacheWithLimits({
      MessageManager: 0,
      ReactionManager: 0,
      PresenceManager: 0,
      VoiceStateManager: 0,
      GuildEmojiManager: 0,
      GuildStickerManager: 0,
      GuildScheduledEventManager: 0,
      StageInstanceManager: 0,
      UserManager: onlySelf,
      GuildMemberManager: onlySelf,
      ThreadMemberManager: onlySelf,
    }),
    // Threads that have been archived for hours are forgotten.
    sweepers: Options.DefaultSweeperSettings,
  });
  if (settings.proxy) connectBy(settings.proxy, client);
  return { client, broken };
}
