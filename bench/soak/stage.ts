import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCozeEmulator } from '../../emulators/coze/index.ts';
import { startDiscordEmulator } from '../../emulators/discord/emulator.ts';
import { startTelegramEmulator } from '../../emulators/telegram/emulator.ts';
import { startRedisServer } from '../../test/redis/server.ts';
import { freePort } from '../../test/support/free-port.ts';
import { brain } from './answers.ts';
import { type Child, startChild } from './child.ts';
import { type Crowd, discordCrowd, httpCrowd, telegramCrowd } from './crowd.ts';
import { lookIntoFolder, lookIntoRedis, type StoreView } from './store.ts';
import type { Told } from './told.ts';

export type HomeName = 'redis' | 'embedded';

/** Everything that takes part, at work. */
export interface Stage {
  readonly children: readonly Child[];
  readonly crowds: readonly Crowd[];
  readonly store: StoreView;
  /** Where the logs are. */
  readonly folder: string;
  /** Nobody asks any more. */
  hush(): void;
  /** Ends it all; resolves with the exit statuses of the processes. */
  clear(): Promise<(number | null)[]>;
}

interface StageOptions {
  readonly home: HomeName;
  readonly perSecond: number;
  readonly people: number;
  readonly onTold: (told: Told) => void;
}

/** Coze is not what is measured: of what is over it forgets all but the last minute. */
const remembersMs = 60_000;
const forgetsEveryMs = 10_000;

const httpPerSecond = 10;

const rolesOn: Readonly<Record<HomeName, readonly string[]>> = {
  redis: ['gateway', 'worker'],
  embedded: ['all'],
};

export async function setStage({ home, perSecond, people, onTold }: StageOptions): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'coze-bridge-soak-'));
  const coze = await startCozeEmulator({ rateLimit: { perSecond: 10_000 } });
  coze.answer(brain);
  const forgetting = setInterval(() => coze.forget(remembersMs), forgetsEveryMs);
  const [telegram, discord] = await Promise.all([startTelegramEmulator(), startDiscordEmulator()]);
  const redis = home === 'redis' ? await startRedisServer() : undefined;
  const endRedis = () => void redis?.kill();
  process.on('exit', endRedis);
  const data = join(folder, 'data');
  await mkdir(data);
  const port = String(await freePort());
  const env = {
    COZE_API_TOKEN: 'pat_TheSoakTokenThatOpensNothing',
    COZE_BOT_ID: '7300000000000000001',
    COZE_BASE_URL: coze.url,
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.url,
    DISCORD_BOT_TOKEN: discord.token,
    DISCORD_API_URL: `${discord.url}/api`,
    SERVER_PORT: port,
    SERVER_RATE_PER_MINUTE: String(httpPerSecond * 60),
    SOAK_RATE: String(perSecond),
    SOAK_PEOPLE: String(people),
    DATA_DIR: data,
    LOG_LEVEL: 'info',
    ...(redis && { REDIS_URL: redis.url }),
  };
  const start = (role: string) => startChild({ name: role, folder, env: { ...env, ROLE: role }, onTold });
  const children = await Promise.all(rolesOn[home].map(start));
  const crowds = [
    telegramCrowd(telegram),
    discordCrowd(discord),
    httpCrowd(`http://127.0.0.1:${port}`, httpPerSecond),
  ];
  return {
    children,
    crowds,
    store: redis ? lookIntoRedis(redis.url) : lookIntoFolder(data),
    folder,
    hush() {
      for (const each of [...children, ...crowds]) each.hush();
    },
    async clear() {
      clearInterval(forgetting);
      for (const crowd of crowds) crowd.hush();
      const statuses = await Promise.all(children.map((child) => child.stop()));
      await Promise.all([coze.close(), telegram.close(), discord.close(), redis?.remove()]);
      process.off('exit', endRedis);
      await rm(data, { recursive: true });
      return statuses;
    },
  };
}
