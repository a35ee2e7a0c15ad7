import { type DiscordEmulator, startDiscordEmulator } from '../../emulators/discord/emulator.ts';
import { startTelegramEmulator, type TelegramEmulator } from '../../emulators/telegram/emulator.ts';
import { createClient } from './client.ts';

interface Write {
  readonly at: number;
  readonly text: string;
}

/** A message of the bot. */
export interface Shown {
  readonly id: string;
  /** As it is now. */
  readonly text: string;
  readonly isDeleted: boolean;
  /** How it came to look so. */
  readonly writes: readonly Write[];
}

export interface Call {
  readonly at: number;
  readonly what: string;
}

/** What the people of one chat see. */
interface Screen {
  readonly name: string;
  /** The bridge can look up what was written here while it was away if it has heard something here before. */
  readonly needsOpening: boolean;
  /** In the order in which they came. */
  shown(): readonly Shown[];
  /** What was shown in passing, where there are drafts. */
  drafts(): readonly Write[];
  /** What the platform was asked to do here, and what it said to that. */
  calls(): readonly Call[];
}

/** Somebody in a chat. */
export interface Seat {
  readonly screen: Screen;
  /** Whose questions are answered in order, one by one. */
  readonly conversation: string;
  say(text: string): void;
}

export interface Places {
  readonly telegram: TelegramEmulator;
  readonly discord: DiscordEmulator;
  /** In chats of one person. */
  readonly private: readonly Seat[];
  /** Where several share a chat, and the platform's limits with it: so many a minute in a Telegram group. */
  readonly shared: readonly Seat[];
  close(): Promise<void>;
}

interface PlacesOptions {
  /** A third of them on each platform, and with the HTTP API. */
  readonly privateChats: number;
  /** Where Discord is reached. */
  readonly discordAt: string;
  /** Where the HTTP API is reached. */
  readonly httpAt: string;
}

const people = ['Ada', 'Bo', 'Cem'];

/** Both platforms with all their limits, programs, and people in a hundred chats. */
export async function openPlaces({ privateChats, discordAt, httpAt }: PlacesOptions): Promise<Places> {
  const telegram = await startTelegramEmulator();
  const discord = await startDiscordEmulator({ knownAs: discordAt });
  const third = Math.ceil(privateChats / 3);
  const each = <T>(count: number, make: (nth: number) => T) =>
    Array.from({ length: count }, (_, nth) => make(nth));
  const clients = each(privateChats - 2 * third, (nth) => createClient(`http session ${nth}`, httpAt));
  return {
    telegram,
    discord,
    private: [
      ...each(third, (nth) => {
        const chat = telegram.privateChat();
        const screen = telegramScreen(telegram, `telegram DM ${nth}`, chat.id);
        return { screen, conversation: screen.name, say: (text: string) => void chat.say(text) };
      }),
      ...each(third, (nth) => {
        const dm = discord.dm();
        const screen = discordScreen(discord, `discord DM ${nth}`, dm.id);
        return { screen, conversation: screen.name, say: (text: string) => void dm.say(text) };
      }),
      ...clients.map(({ seat }) => seat),
    ],
    shared: [...telegramSeats(telegram), ...discordSeats(discord)],
    async close() {
      for (const client of clients) client.close();
      await Promise.all([telegram.close(), discord.close()]);
    },
  };
}

/** In a group each person has a conversation, in a topic they have one together. */
function telegramSeats(telegram: TelegramEmulator): Seat[] {
  const group = telegram.group({ kind: 'supergroup' });
  const forum = telegram.forum();
  const topic = forum.topic('Tides');
  const inGroup = telegramScreen(telegram, 'telegram group', group.id);
  const inTopic = telegramScreen(telegram, 'telegram topic', forum.id, topic.id);
  const mention = `@${telegram.bot.user.username}`;
  return people.flatMap((name) => {
    const person = telegram.person({ name });
    const say = (place: Pick<typeof group, 'as'>) => (text: string) =>
      void place.as(person).say(`${mention} ${text}`);
    return [
      { screen: inGroup, conversation: `telegram group, ${name}`, say: say(group) },
      { screen: inTopic, conversation: 'telegram topic', say: say(topic) },
    ];
  });
}

function discordSeats(discord: DiscordEmulator): Seat[] {
  const channel = discord.guild().channel();
  const thread = channel.thread('Tides');
  const inChannel = discordScreen(discord, 'discord channel', channel.id);
  const inThread = discordScreen(discord, 'discord thread', thread.id);
  return people.flatMap((name) => {
    const person = discord.person({ name });
    const say = (place: Pick<typeof channel, 'as'>) => (text: string) =>
      void place.as(person).say(`${discord.mention} ${text}`);
    return [
      { screen: inChannel, conversation: `discord channel, ${name}`, say: say(channel) },
      { screen: inThread, conversation: 'discord thread', say: say(thread) },
    ];
  });
}

const telegramScreen = (
  telegram: TelegramEmulator,
  name: string,
  chatId: number,
  topicId?: number,
): Screen => ({
  name,
  needsOpening: false,
  shown: () =>
    telegram.shown(chatId, topicId).map(({ messageId, text, deleted, history }) => ({
      id: String(messageId),
      text,
      isDeleted: deleted,
      writes: history,
    })),
  drafts: () => telegram.drafts(chatId).flatMap(({ history }) => history),
  calls: () =>
    telegram.calls
      .filter((call) => call.chatId === chatId)
      .map(({ at, method, params, reply }) => ({
        at,
        what: [method, params.message_id, reply?.ok ? idOf(reply.result) : (reply?.description ?? 'no reply')]
          .filter((word) => word !== undefined)
          .join(' '),
      })),
});

const discordScreen = (discord: DiscordEmulator, name: string, channelId: string): Screen => ({
  name,
  needsOpening: true,
  shown: () =>
    discord.shown(channelId).map(({ id, content, deleted, history }) => ({
      id,
      text: content,
      isDeleted: deleted,
      writes: history.map((write) => ({ at: write.at, text: write.content })),
    })),
  drafts: () => [],
  calls: () =>
    discord.calls
      .filter((call) => call.channelId === channelId)
      .map(({ at, method, path, reply }) => ({
        at,
        what: `${method} ${path} ${reply?.status ?? 'no reply'}`,
      })),
});

/** Which message has come of it. */
const idOf = (result: unknown): string =>
  `-> ${(Object(result) as { message_id?: number }).message_id ?? 'done'}`;
