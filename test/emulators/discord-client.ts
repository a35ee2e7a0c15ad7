import {
  type APIMessage,
  Client,
  type ClientOptions,
  DiscordAPIError,
  Events,
  GatewayIntentBits,
  type Message,
  Partials,
  REST,
  Routes,
} from 'discord.js';
import { onTestFinished } from 'vitest';
import {
  type DiscordEmulator,
  type DiscordEmulatorOptions,
  startDiscordEmulator,
} from '../../emulators/discord/emulator.ts';

/** An emulator that ends with the test, without rate limits unless asked for, and discord.js's REST for it. */
export async function startDiscord(
  options: DiscordEmulatorOptions = {},
): Promise<{ emulator: DiscordEmulator; rest: REST }> {
  const emulator = await startDiscordEmulator({ rateLimits: false, ...options });
  onTestFinished(() => emulator.close());
  return { emulator, rest: restOf(emulator) };
}

/** A client that does not repeat what failed, so that a test sees each failure. */
export function restOf(emulator: DiscordEmulator, options: ConstructorParameters<typeof REST>[0] = {}): REST {
  return new REST({ api: `${emulator.url}/api`, retries: 0, ...options }).setToken(emulator.token);
}

const intents = [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages];

/** A bot in a guild's channel, and its calls there. */
export async function inChannel(options: Parameters<typeof startDiscord>[0] = {}) {
  const { emulator, rest } = await startDiscord(options);
  const guild = emulator.guild();
  const channel = guild.channel();
  const url = Routes.channelMessages(channel.id);
  const create = (body: object) => rest.post(url, { body }) as Promise<APIMessage>;
  const edit = (id: string, body: object) =>
    rest.patch(Routes.channelMessage(channel.id, id), { body }) as Promise<APIMessage>;
  const shown = () => emulator.shown(channel.id);
  return { emulator, rest, guild, channel, url, create, edit, shown };
}

/** discord.js with its gateway, ready, which ends with the test. */
export async function startClient(
  emulator: DiscordEmulator,
  options: Partial<ClientOptions> = {},
): Promise<Client<true>> {
  const client = new Client({
    intents,
    partials: [Partials.Channel],
    rest: { api: `${emulator.url}/api`, retries: 0 },
    ...options,
  });
  onTestFinished(() => client.destroy());
  const ready = new Promise<Client<true>>((resolve) => client.once('clientReady', resolve));
  await client.login(emulator.token);
  return ready;
}

/** Every message that the client is told of, from now on. */
export function listen(client: Client<true>): Message[] {
  const heard: Message[] = [];
  client.on(Events.MessageCreate, (message) => void heard.push(message));
  return heard;
}

/** What the server said when it refused a call: status, code and words. */
export async function refused(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (error instanceof DiscordAPIError) return `${error.status} ${error.code} ${error.message}`;
    throw error;
  }
  return 'accepted';
}

/** What is wrong with a body, as Discord tells it. */
export async function mistakes(call: Promise<unknown>) {
  const error = await call.catch((reason: unknown) => reason as { rawError: { errors: unknown } });
  return (error as { rawError: { errors: unknown } }).rawError.errors;
}

/** A clock that stands still until it is moved. */
export function frozenClock(startMs = 1_800_000_000_000) {
  let now = startMs;
  return {
    now: () => now,
    advance(ms: number) {
      now += ms;
    },
  };
}
