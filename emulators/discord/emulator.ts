import { setTimeout as sleep } from 'node:timers/promises';
import type { APIUser } from 'discord.js';
import type { CallOptions } from './call.ts';
import { createControl } from './control.ts';
import { createFaults, type Faults } from './faults.ts';
import {
  createGateway,
  defaultGatewayOptions,
  type Gateway,
  type GatewayOptions,
} from './gateway/gateway.ts';
import { createDmHandle, createGuild, type Dm, type Guild, type GuildOptions } from './guilds.ts';
import { createRateLimiter, defaultRateLimits, type RateLimits } from './rate-limit.ts';
import type { RecordedCall } from './recorded-call.ts';
import { createRest } from './rest/rest.ts';
import { createRoutes } from './routes.ts';
import { createScreen, type Screen } from './screen.ts';
import { startServer } from './server.ts';
import { type BotState, createWorld, type PrivilegedIntent, type World } from './world.ts';

interface BotOptions {
  readonly token?: string;
  readonly username?: string;
  /** What its owner has switched on; nothing, as in the portal for a new bot. */
  readonly privilegedIntents?: readonly PrivilegedIntent[];
}

export interface DiscordEmulatorOptions extends BotOptions, Partial<CallOptions> {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** The address that it tells of itself, where something leads from there to its port: `https://discord.test`. */
  readonly knownAs?: string;
  /** The server's clock, in milliseconds. Heartbeats, delays and hangs run on the real one. */
  readonly now?: () => number;
  readonly rateLimits?: Partial<RateLimits> | false;
  readonly gateway?: Partial<GatewayOptions>;
  /** Whether messages on the gateway tell the kind of their channel; real ones do. */
  readonly channelType?: boolean;
}

export interface DiscordEmulator extends Screen {
  /** What discord.js calls `rest.api` is this and `/api`. */
  readonly url: string;
  readonly port: number;
  readonly token: string;
  readonly bot: BotState;
  /** What mentions the bot in a text. */
  readonly mention: string;
  readonly calls: readonly RecordedCall[];
  readonly gateway: Gateway;
  addBot(options?: BotOptions): BotState;
  /** A person, or another bot that this one has to do with. */
  person(options?: PersonOptions): APIUser;
  guild(options?: GuildOptions, bot?: BotState): Guild;
  dm(person?: APIUser, bot?: BotState): Dm;
  /** The next `times` matching calls go wrong. */
  fault: Faults['add'];
  /** How many calls of the last 10 minutes have earned a 401, 403 or 429. */
  invalidCalls(): number;
  /** Waits for a condition on what has happened here; fails after the time with what it saw last. */
  until(condition: () => boolean, timeoutMs?: number): Promise<void>;
  close(): Promise<void>;
}

interface PersonOptions {
  readonly id?: string;
  readonly name?: string;
  readonly locale?: string;
  readonly isBot?: boolean;
}

const defaultCallOptions: CallOptions = {
  nonceLifeMs: 180_000,
  interactionAnswerMs: 3000,
  interactionLifeMs: 15 * 60 * 1000,
};

/** Starts a local Discord, REST and gateway, with one bot. */
export async function startDiscordEmulator(options: DiscordEmulatorOptions = {}): Promise<DiscordEmulator> {
  const { port = 0, knownAs, now = Date.now, rateLimits = {}, channelType = true } = options;
  const limiter = createRateLimiter(
    rateLimits === false ? false : { ...defaultRateLimits, ...rateLimits },
    now,
  );
  const world = createWorld(now, channelType);
  const unhurried = rateLimits === false ? { identifyIntervalMs: 0 } : {};
  const gateway = createGateway(world, { ...defaultGatewayOptions, ...unhurried, ...options.gateway });
  const calls: RecordedCall[] = [];
  const faults = createFaults();
  const screen = createScreen(world);
  const bot = addBot(world, { username: 'coze-emulated', ...options });
  const person = (asked: PersonOptions = {}) => addPerson(world, asked);
  const actions = {
    person,
    guild: (asked: GuildOptions = {}, of = bot) => createGuild(world, of, asked.person ?? person(), asked),
    dm: (by = person(), of = bot) => createDmHandle(world, of, by),
    fault: faults.add,
  };
  const rest = createRest({
    world,
    limiter,
    faults,
    calls,
    routes: createRoutes(gateway),
    options: { ...defaultCallOptions, ...options },
  });
  const control = createControl({ world, bot, calls, screen, gateway, ...actions });
  const server = await startServer({ world, gateway, port, knownAs, rest, control });
  return {
    url: world.url,
    port: server.port,
    token: bot.token,
    bot,
    mention: `<@${bot.user.id}>`,
    calls,
    gateway,
    addBot: (asked = {}) => addBot(world, asked),
    ...screen,
    ...actions,
    invalidCalls: limiter.invalidCalls,
    until: (condition, timeoutMs = 5000) => until(calls, condition, timeoutMs),
    close: server.close,
  };
}

// Accounts are older than what happens now, and their ids shorter.
const accountsSinceMs = Date.UTC(2019, 5, 1);

function addBot(world: World, { token, username, privilegedIntents = [] }: BotOptions): BotState {
  const named = Buffer.from(token?.split('.')[0] ?? '', 'base64').toString();
  const id = /^\d{17,19}$/.test(named) ? named : world.nextId(accountsSinceMs);
  const user = createUser(id, username ?? `emulated-${id}`, true);
  const bot: BotState = {
    user,
    token: token ?? `${Buffer.from(id).toString('base64')}.GEmul8.TokenThatOpensNothing_0000000000000000`,
    privilegedIntents,
    commands: new Map(),
  };
  world.bots.set(bot.token, bot);
  world.users.set(id, user);
  return bot;
}

function addPerson(
  world: World,
  { id, name = 'Lin', locale = 'en-US', isBot = false }: PersonOptions,
): APIUser {
  const user = createUser(id ?? world.nextId(accountsSinceMs), name, isBot);
  world.users.set(user.id, user);
  world.locales.set(user.id, locale);
  return user;
}

function createUser(id: string, name: string, isBot: boolean): APIUser {
  return {
    id,
    username: name.toLowerCase(),
    global_name: isBot ? null : name,
    discriminator: isBot ? '0001' : '0',
    avatar: null,
    bot: isBot,
  };
}

async function until(
  calls: readonly RecordedCall[],
  condition: () => boolean,
  timeoutMs: number,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > deadline)
      throw new Error(`it did not happen; the last calls: ${lastCalls(calls)}`);
    await sleep(5);
  }
}

function lastCalls(calls: readonly RecordedCall[]): string {
  return calls
    .slice(-5)
    .map(({ method, path, reply }) => `${method} ${path} ${reply?.status ?? '…'}`)
    .join('; ');
}
