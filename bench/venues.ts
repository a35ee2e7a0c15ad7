import { startDiscordEmulator } from '../emulators/discord/emulator.ts';
import { startTelegramEmulator } from '../emulators/telegram/emulator.ts';

/** An emulated platform. */
export interface Venue {
  readonly name: string;
  /** A bot handler in the platform's own library, and nothing else. */
  readonly bare: { readonly name: string; readonly script: string };
  addBot(): Bot;
  close(): Promise<void>;
}

export interface Bot {
  /** What a process that answers as this bot must be told. */
  readonly env: Record<string, string>;
  /** A private chat with somebody new. */
  chat(): Chat;
}

export interface Chat {
  say(text: string): void;
  /** The bot's messages, and how each came to look as it does. */
  shown(): { readonly text: string; readonly writes: readonly Write[] }[];
}

export interface Write {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly text: string;
}

interface VenueOptions {
  /** Whether the platform's limits count. */
  readonly limited: boolean;
}

export async function openTelegram({ limited }: VenueOptions): Promise<Venue> {
  const telegram = await startTelegramEmulator(limited ? {} : { rateLimits: false });
  // A store knows the messages of an earlier run again, unless they were to another bot.
  let nextBot = Date.now();
  return {
    name: 'Telegram',
    bare: { name: 'bare grammY handler', script: 'bench/bare-telegram.ts' },
    addBot() {
      const bot = telegram.addBot({ token: `${nextBot++}:AA_TheBenchmark` });
      return {
        env: { TELEGRAM_BOT_TOKEN: bot.token, TELEGRAM_API_ROOT: telegram.url },
        chat() {
          const chat = telegram.privateChat(telegram.person(), bot);
          return {
            say: (text) => void chat.say(text),
            shown: () => telegram.shown(chat.id).map(({ text, history: writes }) => ({ text, writes })),
          };
        },
      };
    },
    close: telegram.close,
  };
}

export async function openDiscord({ limited }: VenueOptions): Promise<Venue> {
  const discord = await startDiscordEmulator(limited ? {} : { rateLimits: false });
  return {
    name: 'Discord',
    bare: { name: 'bare discord.js handler', script: 'bench/bare-discord.ts' },
    addBot() {
      const bot = discord.addBot();
      return {
        env: { DISCORD_BOT_TOKEN: bot.token, DISCORD_API_URL: `${discord.url}/api` },
        chat() {
          const dm = discord.dm(discord.person(), bot);
          return {
            say: (text) => void dm.say(text),
            shown: () =>
              discord.shown(dm.id).map(({ content, history }) => ({
                text: content,
                writes: history.map(({ at, content: text }) => ({ at, text })),
              })),
          };
        },
      };
    },
    close: discord.close,
  };
}
