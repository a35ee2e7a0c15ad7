import { setTimeout as sleep } from 'node:timers/promises';
import { launch } from './contender.ts';
import { lastWords, type StreamServer } from './stream-server.ts';
import type { Chat, Venue } from './venues.ts';

/** A process that carries answers. */
export interface Runner {
  readonly pid: number;
  /** Asks something whose answer lasts until then, in milliseconds since 1970. */
  ask(endsAt: number): void;
  /** Of each chat, how long ago Coze has sent the last of what is shown there. */
  agesMs(): number[];
  writesSince(at: number): number;
  /** Resolves when every answer is shown whole. */
  landed(withinMs: number): Promise<void>;
  stop(): Promise<void>;
}

const cozeEnv = (url: string) => ({
  COZE_API_TOKEN: 'pat_TheBenchmark',
  COZE_BOT_ID: '7300000000000000001',
  COZE_BASE_URL: url,
});

/** It shows nothing. */
export async function startBareLoop(cozeUrl: string): Promise<Runner> {
  const loop = await launch('bench/bare-loop.ts', cozeEnv(cozeUrl));
  return {
    pid: loop.pid,
    ask: (endsAt) => loop.tell(String(endsAt)),
    agesMs: () => [],
    writesSince: () => 0,
    landed: async () => {},
    stop: loop.stop,
  };
}

/** Each question is asked in a private chat of its own. */
export async function startBridge(coze: StreamServer, venue: Venue, redisUrl?: string): Promise<Runner> {
  const bot = venue.addBot();
  const env = { ...cozeEnv(coze.url), ...bot.env, ...(redisUrl && { REDIS_URL: redisUrl }) };
  const roles = redisUrl ? ['worker', 'gateway'] : ['all'];
  const processes = await Promise.all(roles.map((ROLE) => launch('src/main.ts', { ...env, ROLE })));
  const asked: { readonly chat: Chat; readonly at: number }[] = [];
  const textIn = (chat: Chat) => chat.shown().at(-1)?.text ?? '';
  const isWhole = ({ chat }: { chat: Chat }) => textIn(chat).endsWith(lastWords);
  return {
    pid: processes[0]?.pid ?? 0,
    ask(endsAt) {
      const chat = bot.chat();
      chat.say(String(endsAt));
      asked.push({ chat, at: Date.now() });
    },
    agesMs() {
      const now = Date.now();
      const open = asked.filter((each) => !isWhole(each));
      return open.map(({ chat, at }) => now - (coze.sentAt(textIn(chat)) ?? at));
    },
    writesSince(at) {
      const writes = asked.flatMap(({ chat }) => chat.shown().flatMap((message) => message.writes));
      return writes.filter((write) => write.at >= at).length;
    },
    async landed(withinMs) {
      for (const deadline = Date.now() + withinMs; !asked.every(isWhole); await sleep(500)) {
        if (Date.now() > deadline) throw new Error(`an answer has not landed ${withinMs} ms after its end`);
      }
    },
    async stop() {
      await Promise.all(processes.map((each) => each.stop()));
    },
  };
}
