import { expect } from 'vitest';
import {
  type CozeEmulator,
  type CozeEmulatorOptions,
  startCozeEmulator,
} from '../../emulators/coze/index.ts';
import {
  startTelegramEmulator,
  type TelegramEmulator,
  type TelegramEmulatorOptions,
} from '../../emulators/telegram/emulator.ts';
import { redisServer, startRedisServer } from '../redis/server.ts';
import { type BridgeProcess, createLaunchpad } from '../support/bridge-process.ts';

export const homes = [{ home: 'embedded' }, ...(redisServer.available ? [{ home: 'redis' }] : [])] as const;

export const cozeToken = 'pat_TestTokenThatOpensNothing';

/** A bridge between two emulators, on one of its homes. */
export interface Stand {
  readonly coze: CozeEmulator;
  readonly telegram: TelegramEmulator;
  readonly env: Record<string, string>;
  launch(more?: Record<string, string>): Promise<BridgeProcess>;
  /** The chats that Coze was asked for, as bodies. */
  questions(): {
    text: string;
    userId: string;
    conversationId: string | undefined;
    body: Record<string, unknown>;
  }[];
  /** What the bot shows in a chat, once that is as it should be. */
  texts(
    chat: { readonly id: number },
    are: (texts: readonly string[]) => boolean | undefined,
  ): Promise<string[]>;
  /** Ends it all, and holds against it what no bridge may ever do, whatever a test was about. */
  endAndInspect(): Promise<void>;
}

export async function createStand(
  home: string,
  options: CozeEmulatorOptions = {},
  telegramOptions: TelegramEmulatorOptions = {},
): Promise<Stand> {
  const coze = await startCozeEmulator({ tokens: [cozeToken], ...options });
  const telegram = await startTelegramEmulator(telegramOptions);
  const redis = home === 'redis' ? await startRedisServer() : undefined;
  const launchpad = createLaunchpad();
  const bridges: BridgeProcess[] = [];
  const env = {
    COZE_API_TOKEN: cozeToken,
    COZE_BOT_ID: '7300000000000000001',
    COZE_BASE_URL: coze.url,
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.url,
    LOG_LEVEL: 'trace',
    ...(redis && { REDIS_URL: redis.url }),
  };
  const questions = () =>
    coze.requests.filter(({ method, path }) => method === 'POST' && path === '/v3/chat').map(toQuestion);
  return {
    coze,
    telegram,
    env,
    async launch(more = {}) {
      const bridge = launchpad.launch({ ...env, ...more });
      bridges.push(bridge);
      await bridge.ready();
      return bridge;
    },
    questions,
    async texts({ id }, are) {
      const shown = () => telegram.shown(id).flatMap(({ text, deleted }) => (deleted ? [] : text));
      await telegram.until(() => are(shown()) === true, 25_000);
      return shown();
    },
    async endAndInspect() {
      await launchpad.clear();
      await Promise.all([coze.close(), telegram.close(), redis?.remove()]);
      const { calls } = telegram;
      expect(
        calls.filter(({ unknownMethod, unknownParams }) => unknownMethod || unknownParams.length > 0),
      ).toEqual([]);
      expect(calls.filter(({ reply }) => reply?.ok === false && reply.errorCode === 429)).toEqual([]);
      expect(coze.requests.filter(({ code }) => code === 4016)).toEqual([]);
      const log = bridges.map((bridge) => bridge.log()).join('');
      const chats = new Set(calls.flatMap(({ chatId }) => (chatId === undefined ? [] : String(chatId))));
      const texts = questions().flatMap(({ text }) => (text.length > 4 ? text : []));
      for (const secret of [cozeToken, telegram.token, ...chats, ...texts]) expect(log).not.toContain(secret);
    },
  };
}

function toQuestion({ body, query }: CozeEmulator['requests'][number]) {
  const asked = body as { user_id: string; additional_messages: { content: string }[] };
  return {
    text: asked.additional_messages.map(({ content }) => content).join('|'),
    userId: asked.user_id,
    conversationId: query.conversation_id,
    body: asked as unknown as Record<string, unknown>,
  };
}
