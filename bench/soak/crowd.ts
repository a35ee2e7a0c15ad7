import type { DiscordEmulator } from '../../emulators/discord/emulator.ts';
import type { TelegramEmulator } from '../../emulators/telegram/emulator.ts';
import { createClient } from '../chaos/client.ts';
import { answerOf, questionOf } from './answers.ts';

/** A chat of one person, on a platform with limits. */
interface Chat {
  say(text: string): void;
  /** The texts of the bot's messages, as they are now. */
  shown(): readonly string[];
}

/** People on one platform, who ask as often as keeps the bridge at a share of what the platform allows. */
export interface Crowd {
  readonly name: string;
  readonly people: number;
  readonly limitPerSecond: number;
  /** Calls a second, on the average of all the time that they asked. */
  callsPerSecond(): number;
  /** Calls that the platform has refused because there were too many, in words. */
  refused(): readonly string[];
  asked(): number;
  /** Ends the asking. */
  hush(): void;
  /** How often each question has been answered whole; of those that are not once, the names. */
  unsettled(): readonly string[];
}

interface CrowdOptions {
  readonly name: string;
  readonly chats: readonly Chat[];
  /** Those that the platform counts. */
  readonly calls: () => number;
  readonly refused: () => readonly string[];
  readonly limitPerSecond: number;
}

const people = 100;
const share = 0.8;
const steerMs = 2_000;
const lookMs = 50;
/** Turns a second, before anything is known of how many calls each has. */
const atFirst = 3;

export function telegramCrowd(telegram: TelegramEmulator): Crowd {
  const chats = Array.from({ length: people }, () => telegram.privateChat());
  const counted = counting(telegram.calls, ({ chatId }) => chatId !== undefined);
  return gather({
    name: 'Telegram',
    chats: chats.map((chat) => ({
      say: (text) => void chat.say(text),
      shown: () => telegram.shown(chat.id).map(({ text }) => text),
    })),
    calls: counted,
    refused: () =>
      telegram.calls.flatMap(({ at, method, chatId, reply }) =>
        reply?.ok === false && reply.errorCode === 429 ? [`${clock(at)} ${method} in ${chatId}`] : [],
      ),
    limitPerSecond: 30,
  });
}

export function discordCrowd(discord: DiscordEmulator): Crowd {
  const chats = Array.from({ length: people }, () => discord.dm());
  const counted = counting(discord.calls, () => true);
  return gather({
    name: 'Discord',
    chats: chats.map((dm) => ({
      say: (text) => void dm.say(text),
      shown: () => discord.shown(dm.id).map(({ content }) => content),
    })),
    calls: counted,
    refused: () =>
      discord.calls.flatMap(({ at, method, path, reply }) =>
        reply?.status === 429 ? [`${clock(at)} ${method} ${path} ${JSON.stringify(reply.body)}`] : [],
      ),
    limitPerSecond: 50,
  });
}

/** Programs, each with a session; how often they call is limited by the bridge itself. */
export function httpCrowd(url: string, limitPerSecond: number): Crowd {
  const clients = Array.from({ length: people }, (_, nth) => createClient(`session ${nth}`, url));
  const calls = () => clients.flatMap(({ seat }) => seat.screen.calls());
  return gather({
    name: 'HTTP',
    chats: clients.map(({ seat }) => ({
      say: seat.say,
      shown: () => seat.screen.shown().map(({ text }) => text),
    })),
    calls: () => calls().length,
    refused: () => calls().flatMap(({ at, what }) => (what.includes('429') ? [`${clock(at)} ${what}`] : [])),
    limitPerSecond,
  });
}

const clock = (at: number): string => new Date(at).toISOString().slice(11, 23);

/** How many so far; each is looked at once, some time after it came. */
function counting<T>(calls: readonly T[], counts: (call: T) => boolean): () => number {
  const settled = 200;
  let looked = 0;
  let count = 0;
  return () => {
    for (; looked < calls.length - settled; looked++) if (counts(calls[looked] as T)) count += 1;
    return count + calls.slice(looked).filter(counts).length;
  };
}

function gather({ name, chats, calls, refused, limitPerSecond }: CrowdOptions): Crowd {
  const startedAt = Date.now();
  const asked: { readonly name: string; readonly chat: Chat }[] = [];
  const last = new Map<Chat, string>();
  let perSecond = atFirst;
  let due = 0;
  let endedAt: number | undefined;
  let callsThen = 0;

  const isIdle = (chat: Chat) => {
    const before = last.get(chat);
    return before === undefined || chat.shown().at(-1) === answerOf(before);
  };

  function ask(): void {
    due += (perSecond * lookMs) / 1_000;
    while (due >= 1) {
      due -= 1;
      const next = Array.from(chats, (_, nth) => chats[(asked.length + nth) % chats.length] as Chat).find(
        isIdle,
      );
      if (!next) return;
      const question = `${name.toLowerCase()}-${asked.length}`;
      asked.push({ name: question, chat: next });
      last.set(next, question);
      next.say(questionOf(question));
    }
  }

  function steer(): void {
    const now = calls();
    const measured = (now - callsThen) / (steerMs / 1_000);
    callsThen = now;
    const change = (limitPerSecond * share) / Math.max(measured, 1);
    perSecond *= Math.min(Math.max(change, 0.9), 1.1);
  }

  const asking = setInterval(ask, lookMs);
  const steering = setInterval(steer, steerMs);
  return {
    name,
    people: chats.length,
    limitPerSecond,
    callsPerSecond: () => calls() / (((endedAt ?? Date.now()) - startedAt) / 1_000),
    refused,
    asked: () => asked.length,
    hush() {
      clearInterval(asking);
      clearInterval(steering);
      endedAt = Date.now();
    },
    unsettled: () =>
      asked.filter((one) => !isAnsweredOnce(one.chat.shown(), answerOf(one.name))).map((one) => one.name),
  };
}

const isAnsweredOnce = (shown: readonly string[], answer: string): boolean =>
  shown.filter((text) => text === answer).length === 1;
