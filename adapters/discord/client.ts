import type { Client } from 'discord.js';
import { connectBy, loadDiscord } from './proxy.ts';
import { type DiscordSettings, restOptions } from './settings.ts';

/** How long servers that Discord has announced are waited for. Nothing that is heard depends on them. */
const waitGuildTimeout = 3_000;
const restTimeoutMs = 10_000;

/**
 * A client of the gateway. Messages are read as they come and kept nowhere; what it must keep are the channels and
 * threads, and of all people itself.
 */
export async function createClient(settings: DiscordSettings): Promise<Client> {
  const { Client, GatewayIntentBits, Options } = await loadDiscord(settings.proxy);
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
  return client;
}
