import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CozeEmulator, startCozeEmulator } from '../../emulators/coze/index.ts';
import { startRedisServer } from '../../test/redis/server.ts';
import { freePort } from '../../test/support/free-port.ts';
import { createBrain } from './answers.ts';
import { hire, type Member } from './crew.ts';
import { type Gate, openGate } from './gate.ts';
import type { Journal } from './journal.ts';
import { openPlaces, type Places } from './places.ts';
import type { Targets } from './strikes.ts';

export type HomeName = 'redis' | 'embedded';

/** Everything that takes part, up and connected through gates. */
export interface Stage {
  readonly coze: CozeEmulator;
  readonly asks: ReturnType<typeof createBrain>['asks'];
  readonly places: Places;
  readonly targets: Targets;
  readonly crew: readonly Member[];
  /** Whose calls come to Coze by which port. */
  readonly callers: ReadonlyMap<number, string>;
  clear(): Promise<void>;
}

interface StageOptions {
  readonly home: HomeName;
  readonly bridge: string;
  readonly privateChats: number;
  readonly journal: Journal;
}

const cozeToken = 'pat_TestTokenThatOpensNothing';

/** Who is there on each home, by name; those that hear first. */
const roles: Readonly<Record<HomeName, Readonly<Record<string, string>>>> = {
  redis: { gateway: 'gateway', worker1: 'worker', worker2: 'worker' },
  embedded: { process: 'all' },
};

export async function setStage({ home, bridge, privateChats, journal }: StageOptions): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'coze-bridge-chaos-'));
  const { brain, asks } = createBrain();
  const coze = await startCozeEmulator({ tokens: [cozeToken], rateLimit: { perSecond: 1_000 } });
  coze.answer(brain);
  const portOf = (url: string) => Number(new URL(url).port);
  const discordGate: Gate = await openGate(() => places.discord.port);
  const httpPort = await freePort();
  const httpGate = await openGate(() => httpPort);
  const places = await openPlaces({
    privateChats,
    discordAt: `http://127.0.0.1:${discordGate.port}`,
    httpAt: `http://127.0.0.1:${httpGate.port}`,
  });
  const telegramGate = await openGate(() => portOf(places.telegram.url));
  // Without this, Redis itself may forget the last second when it is killed.
  const redis = home === 'redis' ? await startRedisServer({ appendfsync: 'always' }) : undefined;
  const endRedis = () => void redis?.kill();
  process.on('exit', endRedis);
  const redisGate = redis && (await openGate(() => redis.port));
  const names = Object.entries(roles[home]);
  const cozeGates = await Promise.all(names.map(() => openGate(() => portOf(coze.url))));
  const env = {
    COZE_API_TOKEN: cozeToken,
    COZE_BOT_ID: '7300000000000000001',
    TELEGRAM_BOT_TOKEN: places.telegram.token,
    TELEGRAM_API_ROOT: `http://127.0.0.1:${telegramGate.port}`,
    DISCORD_BOT_TOKEN: places.discord.token,
    DISCORD_API_URL: `http://127.0.0.1:${discordGate.port}/api`,
    SERVER_PORT: String(httpPort),
    LOG_LEVEL: 'debug',
    ...(redisGate && { REDIS_URL: `redis://127.0.0.1:${redisGate.port}` }),
  };
  const crew = names.map(([name, role], nth) =>
    hire({
      name,
      bridge,
      script: 'src/main.ts',
      folder,
      env: { ...env, ROLE: role, COZE_BASE_URL: `http://127.0.0.1:${cozeGates[nth]?.port}` },
      journal,
    }),
  );
  const gates = new Map<string, readonly Gate[]>([
    ['coze', cozeGates],
    ['telegram', [telegramGate]],
    ['discord', [discordGate]],
    ['http', [httpGate]],
    ...(redisGate ? [['redis', [redisGate]] as const] : []),
  ]);
  const [hearing, ...workers] = crew as [Member, ...Member[]];
  return {
    coze,
    asks,
    places,
    targets: { hearing, workers, redis, gates },
    crew,
    callers: new Map(cozeGates.map(({ port }, nth) => [port, names[nth]?.[0] ?? ''])),
    async clear() {
      await Promise.all(crew.map((member) => member.dismiss()));
      process.off('exit', endRedis);
      await Promise.all([...gates.values()].flat().map((gate) => gate.close()));
      await Promise.all([coze.close(), places.close(), redis?.remove()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
