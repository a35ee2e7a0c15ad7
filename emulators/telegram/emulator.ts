import { setTimeout as sleep } from 'node:timers/promises';
import type { User } from 'grammy/types';
import { createGroup, createPrivateChat, type Group, type GroupOptions, type PrivateChat } from './chats.ts';
import { createControl } from './control.ts';
import { createFaults, type Faults } from './faults.ts';
import { createRateLimiter, defaultRateLimits, type RateLimits } from './rate-limit.ts';
import { createScreen, type Screen } from './screen.ts';
import { type RecordedCall, startServer } from './server.ts';
import { createUpdateQueue } from './updates.ts';
import type { WebhookDelivery } from './webhook.ts';
import { type BotState, createWorld, type World } from './world.ts';

interface BotOptions {
  readonly token?: string;
  readonly username?: string;
  readonly name?: string;
  /** Privacy mode in groups; on, as BotFather has it for a new bot. */
  readonly privacy?: boolean;
  /** Topics in the bot's private chats. */
  readonly topics?: boolean;
}

export interface TelegramEmulatorOptions extends BotOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** The server's clock, in milliseconds. Long polls, delays and hangs run on the real one. */
  readonly now?: () => number;
  /** How long one second of a long poll takes. */
  readonly pollSecondMs?: number;
  /** How long one second between two attempts at a webhook takes. */
  readonly webhookSecondMs?: number;
  /** A server of one's own: webhooks may be at http addresses and on every port. */
  readonly local?: boolean;
  readonly rateLimits?: Partial<RateLimits> | false;
  /** False for a server that was built before rich messages came: it has neither their methods nor Stop buttons. */
  readonly richMessages?: boolean;
}

export interface TelegramEmulator extends Screen {
  /** What grammY calls `apiRoot`. */
  readonly url: string;
  readonly token: string;
  readonly bot: BotState;
  readonly calls: readonly RecordedCall[];
  /** What was brought to webhooks. */
  readonly deliveries: readonly WebhookDelivery[];
  addBot(options?: BotOptions): BotState;
  person(options?: { id?: number; name?: string; username?: string; locale?: string }): User;
  privateChat(person?: User, bot?: BotState): PrivateChat;
  group(options?: GroupOptions, bot?: BotState): Group;
  forum(options?: GroupOptions, bot?: BotState): Group;
  /** The next `times` matching calls go wrong. */
  fault: Faults['add'];
  /** Waits for a condition on what has happened here; fails after the time with what it saw last. */
  until(condition: () => boolean, timeoutMs?: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts a local Bot API server with one bot. */
export async function startTelegramEmulator(
  options: TelegramEmulatorOptions = {},
): Promise<TelegramEmulator> {
  const { port = 0, now = Date.now, pollSecondMs = 1000, rateLimits = {} } = options;
  const { webhookSecondMs: secondMs = 1000, local = false, richMessages = true } = options;
  const limits = rateLimits === false ? false : { ...defaultRateLimits, ...rateLimits };
  const deliveries: WebhookDelivery[] = [];
  const world = createWorld(
    createRateLimiter(limits, now),
    { local, secondMs, now, deliveries },
    richMessages,
  );
  const calls: RecordedCall[] = [];
  const faults = createFaults();
  const screen = createScreen(world);

  const addBot: TelegramEmulator['addBot'] = (asked = {}) => {
    const added = createBot(world, asked, pollSecondMs);
    world.bots.set(added.token, added);
    return added;
  };
  const bot = addBot({ username: 'coze_emulated_bot', ...options });
  const person: TelegramEmulator['person'] = ({ id, name = 'Lin', username, locale = 'en' } = {}) => {
    const user: User = {
      id: id ?? world.nextId('person'),
      is_bot: false,
      first_name: name,
      ...(username !== undefined && { username }),
      language_code: locale,
    };
    world.people.set(user.id, user);
    return user;
  };
  const group: TelegramEmulator['group'] = (asked = {}, of = bot) =>
    createGroup(world, of, asked.person ?? person(), asked);
  const actions = {
    person,
    privateChat: (by = person(), of = bot) => createPrivateChat(world, of, by),
    group,
    forum: (asked: GroupOptions = {}, of = bot) => group({ ...asked, kind: 'forum' }, of),
    fault: faults.add,
  };
  const control = createControl({ world, calls, screen, ...actions });
  const server = await startServer({ world, faults, calls, port, control });

  async function until(condition: () => boolean, timeoutMs = 5000): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!condition()) {
      if (performance.now() > deadline)
        throw new Error(`it did not happen; the last calls: ${lastCalls(calls)}`);
      await sleep(5);
    }
  }

  return {
    url: server.url,
    token: bot.token,
    bot,
    calls,
    deliveries,
    addBot,
    ...screen,
    ...actions,
    until,
    close() {
      for (const { webhook } of world.bots.values()) webhook?.close();
      return server.close();
    },
  };
}

function createBot(world: World, options: BotOptions, pollSecondMs: number): BotState {
  const { token, username, name = 'Emulated', privacy = true, topics = false } = options;
  const id = token === undefined ? world.nextId('bot') : Number.parseInt(token, 10);
  const onPush = () => bot.webhook?.look();
  const bot: BotState = {
    user: { id, is_bot: true, first_name: name, username: username ?? `emulated_${id}_bot` },
    token: token ?? `${id}:AAEmulatorTokenThatOpensNothing_00000`,
    privacy,
    topics,
    updates: createUpdateQueue({ now: world.now, pollSecondMs, onPush }),
    commands: new Map(),
    nextMessageId: 1,
    webhook: undefined,
    nextSetWebhookAt: 0,
  };
  return bot;
}

function lastCalls(calls: readonly RecordedCall[]): string {
  return calls
    .slice(-5)
    .map(
      ({ method, reply }) => `${method} ${reply === undefined ? '…' : reply.ok ? 'ok' : reply.description}`,
    )
    .join('; ');
}
