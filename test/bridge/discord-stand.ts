import { expect } from 'vitest';
import { type CozeEmulator, startCozeEmulator } from '../../emulators/coze/index.ts';
import {
  type DiscordEmulator,
  type DiscordEmulatorOptions,
  startDiscordEmulator,
} from '../../emulators/discord/emulator.ts';
import { startRedisServer } from '../redis/server.ts';
import { type BridgeProcess, createLaunchpad } from '../support/bridge-process.ts';

const cozeToken = 'pat_TestTokenThatOpensNothing';
/** How the emulated ones begin. */
const interactionTokens = Buffer.from('interaction:').toString('base64url');

/** A bridge between an emulated Discord, with all its limits, and an emulated Coze. */
export interface DiscordStand {
  readonly coze: CozeEmulator;
  readonly discord: DiscordEmulator;
  launch(more?: Record<string, string>): Promise<BridgeProcess>;
  /** What Coze was asked. */
  questions(): string[];
  /** What the bot shows in a channel, once that is as it should be. */
  texts(
    place: { readonly id: string },
    are: (texts: readonly string[]) => boolean | undefined,
  ): Promise<string[]>;
  /** Ends it all, and holds against it what no bridge may ever do, whatever a test was about. */
  endAndInspect(): Promise<void>;
}

export async function createDiscordStand(
  home: 'embedded' | 'redis',
  options: DiscordEmulatorOptions = {},
): Promise<DiscordStand> {
  const coze = await startCozeEmulator({ tokens: [cozeToken] });
  const discord = await startDiscordEmulator(options);
  const redis = home === 'redis' ? await startRedisServer() : undefined;
  const launchpad = createLaunchpad();
  const bridges: BridgeProcess[] = [];
  const env = {
    COZE_API_TOKEN: cozeToken,
    COZE_BOT_ID: '7300000000000000001',
    COZE_BASE_URL: coze.url,
    DISCORD_BOT_TOKEN: discord.token,
    DISCORD_API_URL: `${discord.url}/api`,
    LOG_LEVEL: 'trace',
    ...(redis && { REDIS_URL: redis.url }),
  };
  return {
    coze,
    discord,
    async launch(more = {}) {
      const bridge = launchpad.launch({ ...env, ...more });
      bridges.push(bridge);
      await bridge.ready();
      return bridge;
    },
    questions: () =>
      coze.requests
        .filter(({ method, path }) => method === 'POST' && path === '/v3/chat')
        .map(({ body }) => body as { additional_messages: { content: string }[] })
        .map(({ additional_messages }) => additional_messages.map(({ content }) => content).join('|')),
    async texts({ id }, are) {
      const shown = () => discord.shown(id).flatMap(({ content, deleted }) => (deleted ? [] : content));
      await discord.until(() => are(shown()) === true, 25_000);
      return shown();
    },
    async endAndInspect() {
      await launchpad.clear();
      await Promise.all([coze.close(), discord.close(), redis?.remove()]);
      inspect(discord);
      const log = bridges.map((bridge) => bridge.log()).join('');
      const places = discord.calls.flatMap(({ channelId }) => channelId ?? []);
      const secrets = [cozeToken, discord.token, discord.bot.user.id, interactionTokens, ...places];
      for (const secret of secrets) expect(log).not.toContain(secret);
    },
  };
}

/** Nothing that Discord does not know, nothing too fast, nothing that could call somebody. */
function inspect({ calls, pings }: DiscordEmulator): void {
  expect(calls.filter((call) => call.unknownRoute || call.unknownFields.length > 0)).toEqual([]);
  expect(calls.filter(({ reply }) => reply?.status === 429)).toEqual([]);
  expect(pings()).toEqual([]);
  const writes = calls.filter(
    ({ method, path }) => /POST|PATCH/.test(method) && /\/messages|^\/webhooks/.test(path),
  );
  expect(
    writes.filter(({ body }) => !JSON.stringify(body).includes('"allowed_mentions":{"parse":[]}')),
  ).toEqual([]);
}
