import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { platforms } from '../adapters/index.ts';
import { definePlatform, type Platform } from '../adapters/platform.ts';
import { ConfigError, readConfig } from '../src/config.ts';
import type { Environment } from '../src/variables.ts';
import { createFakeClock } from './support/fake-clock.ts';
import { createFakePlatform } from './support/fake-platform.ts';

const halves = {
  receive: () => async () => {},
  sender: () => createFakePlatform(createFakeClock()).sender,
};
const pigeon = definePlatform({
  name: 'pigeon',
  enabledBy: 'TELEGRAM_BOT_TOKEN',
  env: z.object({
    TELEGRAM_BOT_TOKEN: z.string().min(10, 'copy it whole'),
    TELEGRAM_API_ROOT: z.url('not a URL').default('https://pigeon.example'),
  }),
  leg: { proxy: 'TELEGRAM_PROXY', server: 'TELEGRAM_API_ROOT' },
  ...halves,
});
const keyboard = definePlatform({ name: 'keyboard', env: z.object({}), ...halves });

const coze = { COZE_API_TOKEN: 'pat_0123456789', COZE_BOT_ID: '7300000000000000001' };

const read = (env: Environment, list: readonly Platform[] = [pigeon, keyboard]) => readConfig(env, list);

function mistakes(env: Environment, list?: readonly Platform[]): readonly string[] {
  try {
    read(env, list);
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
}

const names = (env: Environment) => read(env).platforms.map(({ platform }) => platform.name);

describe('the configuration', () => {
  test('with nothing set is the demo at the keyboard', () => {
    expect(read({ PATH: '/bin' }).coze).toBeUndefined();
    expect(names({})).toEqual(['keyboard']);
  });

  test('takes variables set to nothing for not set', () => {
    expect(read({ COZE_API_TOKEN: '', COZE_BOT_ID: '  ', TELEGRAM_BOT_TOKEN: '' }).coze).toBeUndefined();
  });

  test('with a token and a bot is that bot, at the keyboard', () => {
    expect(read(coze).coze).toEqual({
      token: 'pat_0123456789',
      botId: '7300000000000000001',
      baseUrl: 'https://api.coze.cn',
    });
    expect(names(coze)).toEqual(['keyboard']);
  });

  test('with a platform too is that platform, with its own settings, and not the keyboard', () => {
    const env = { ...coze, TELEGRAM_BOT_TOKEN: '123456:abcdef' };
    expect(names(env)).toEqual(['pigeon']);
    expect(read(env).platforms[0]?.settings).toEqual({
      TELEGRAM_BOT_TOKEN: '123456:abcdef',
      TELEGRAM_API_ROOT: 'https://pigeon.example',
    });
  });

  test('with a platform but without Coze does not start', () => {
    const told = mistakes({ TELEGRAM_BOT_TOKEN: '123456:abcdef' });
    expect(told).toEqual([
      expect.stringMatching(/^COZE_API_TOKEN: required/),
      expect.stringMatching(/^COZE_BOT_ID: required/),
    ]);
  });

  test('names every mistake at once, and repeats no value', () => {
    const told = mistakes({
      COZE_API_TOKEN: 'Bearer pat_0123456789',
      COZE_BOT_ID: 'my-bot-7300',
      COZE_BASE_URL: 'api.coze.cn',
      COZE_SAVE_HISTORY: 'perhaps',
      USER_ID_SALT: 'short',
      REDIS_URL: 'http://localhost',
      ROLE: 'boss',
      GROUP_CONTEXT: 'mine',
      LOG_LEVEL: 'loud',
      TELEGRAM_BOT_TOKEN: '123',
      TELEGRAM_API_ROOT: 'nowhere',
    });
    expect(told.map((mistake) => mistake.split(':')[0])).toEqual(
      expect.arrayContaining([
        'COZE_API_TOKEN',
        'COZE_BOT_ID',
        'COZE_BASE_URL',
        'COZE_SAVE_HISTORY',
        'USER_ID_SALT',
        'REDIS_URL',
        'ROLE',
        'GROUP_CONTEXT',
        'LOG_LEVEL',
        'TELEGRAM_BOT_TOKEN',
        'TELEGRAM_API_ROOT',
      ]),
    );
    expect(told.join()).not.toMatch(/pat_|7300|short|perhaps/);
  });

  test('the roles need Redis, and a gateway something to hear; a worker may answer by HTTP alone', () => {
    const told = (more: Environment) => mistakes({ ...coze, SERVER_PORT: 'off', ...more }, platforms);
    const needsRedis = expect.stringMatching(/^REDIS_URL: required/);
    expect(told({ ROLE: 'gateway' })).toEqual([needsRedis, expect.stringMatching(/TELEGRAM_BOT_TOKEN/)]);
    expect(told({ ROLE: 'worker' })).toEqual([needsRedis]);
    const REDIS_URL = 'redis://localhost';
    expect(told({ ROLE: 'worker', REDIS_URL })).toEqual([]);
    expect(told({ ROLE: 'gateway', REDIS_URL, SERVER_PORT: '6001' })).toEqual([]);
  });

  test('warns of names that do nothing', () => {
    const { warnings } = read({
      ...coze,
      COZE_TOKEN: 'x',
      TELEGRAM_API_ROOT: 'https://x.example',
      OTHER: 'y',
    });
    expect(warnings).toEqual([
      'COZE_TOKEN: unknown, and ignored; is it COZE_API_TOKEN?',
      'TELEGRAM_API_ROOT: ignored without TELEGRAM_BOT_TOKEN',
    ]);
  });

  test.each([
    ['TELEGRM_BOT_TOKEN', 'TELEGRAM_BOT_TOKEN'],
    ['REDIS_URI', 'REDIS_URL'],
    ['TELEGRAM_BOT_TOKNE', 'TELEGRAM_BOT_TOKEN'],
    ['TELEGRAM_TOKEN', 'TELEGRAM_BOT_TOKEN'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['COZE_API_TOKENS', 'COZE_API_TOKEN'],
  ])('takes %s for a slip, also when it keeps it from starting', (name, meant) => {
    const hint = `${name}: unknown, and ignored; is it ${meant}?`;
    expect(read({ ...coze, [name]: 'x' }).warnings).toEqual([hint]);
    expect(() => read({ COZE_BOT_ID: '1', [name]: 'x' })).toThrow(
      expect.objectContaining({ warnings: [hint] }),
    );
  });

  test.each(['"pat_0123456789"', 'pat_...', 'pat 01', '令牌'])('does not take %s for a token', (token) => {
    expect(mistakes({ ...coze, COZE_API_TOKEN: token })).toEqual([
      expect.stringMatching(/^COZE_API_TOKEN: must be/),
    ]);
  });

  test('leaves DEBUG to others unless it is plainly ours', () => {
    expect(read({ ...coze, DEBUG: 'express:*' }).logLevel).toBeUndefined();
    expect(read({ ...coze, DEBUG: 'true' }).logLevel).toBe('debug');
    expect(read({ ...coze, LOG_LEVEL: 'WARN', DEBUG: 'true' }).logLevel).toBe('warn');
  });

  test('knows what must not be seen in a log', () => {
    const env = {
      ...coze,
      TELEGRAM_BOT_TOKEN: '123456:abcdef',
      REDIS_URL: 'redis://user:p%40ssword@localhost',
    };
    expect(read(env).secrets).toEqual(['pat_0123456789', '123456:abcdef', 'p%40ssword', 'p@ssword']);
  });
});

describe('proxies', () => {
  const env = { ...coze, TELEGRAM_BOT_TOKEN: '123456:abcdef' };
  const ports = (more: Environment) => {
    const { coze, platforms } = read({ ...env, ...more });
    return [coze?.proxy?.port, ...platforms.map(({ proxy }) => proxy?.port)];
  };

  test('are those of each leg, or the general one, but for whom NO_PROXY exempts', () => {
    expect(ports({})).toEqual([undefined, undefined]);
    expect(ports({ HTTPS_PROXY: 'http://proxy:1' })).toEqual([1, 1]);
    expect(ports({ HTTPS_PROXY: 'http://proxy:1', COZE_PROXY: 'http://proxy:2' })).toEqual([2, 1]);
    expect(ports({ HTTPS_PROXY: 'http://proxy:1', TELEGRAM_PROXY: 'http://proxy:3' })).toEqual([1, 3]);
    expect(ports({ HTTPS_PROXY: 'http://proxy:1', COZE_PROXY: 'off' })).toEqual([undefined, 1]);
    expect(ports({ HTTPS_PROXY: 'http://proxy:1', NO_PROXY: 'coze.cn' })).toEqual([undefined, 1]);
    expect(ports({ HTTPS_PROXY: 'http://proxy:1', NO_PROXY: 'pigeon.example' })).toEqual([1, undefined]);
  });

  test('that are none are named with all other mistakes, each once', () => {
    const told = mistakes({ ...env, HTTPS_PROXY: 'nonsense', COZE_BOT_ID: 'x' });
    expect(told.map((mistake) => mistake.split(':')[0])).toEqual(['COZE_BOT_ID', 'HTTPS_PROXY']);
    const own = mistakes({ ...env, COZE_PROXY: 'nonsense', TELEGRAM_PROXY: 'nonsense' });
    expect(own.map((mistake) => mistake.split(':')[0])).toEqual(['COZE_PROXY', 'TELEGRAM_PROXY']);
  });

  test('do not keep the demo from running', () => {
    expect(read({ HTTPS_PROXY: 'nonsense' }).coze).toBeUndefined();
    expect(read({ HTTPS_PROXY: 'http://proxy:1' }).coze).toBeUndefined();
  });

  test('of a platform that does not run do nothing, and a slip in a name is told', () => {
    expect(
      read({ ...coze, TELEGRAM_PROXY: 'http://proxy:1', COZE_PROXI: 'http://proxy:1' }).warnings,
    ).toEqual([
      'COZE_PROXI: unknown, and ignored; is it COZE_PROXY?',
      'TELEGRAM_PROXY: ignored without TELEGRAM_BOT_TOKEN',
    ]);
  });

  test('keep their passwords, also those that are not used', () => {
    const { secrets } = read({
      ...coze,
      HTTPS_PROXY: 'http://me:general1@proxy:1',
      https_proxy: 'me:general2@proxy:1',
      ALL_PROXY: 'socks5h://me:general%33@proxy:1',
      COZE_PROXY: 'socks5://me:forcoze@proxy:1',
      TELEGRAM_PROXI: 'http://me:forslip@proxy:1',
    });
    const expected = ['general1', 'general2', 'general%33', 'general3', 'forcoze', 'forslip'];
    expect(secrets).toEqual(expect.arrayContaining(expected));
  });
});

describe('how answers look', () => {
  test('reasoning is hidden and an answer has at most 15 messages, unless it is set otherwise', () => {
    expect(read(coze)).toMatchObject({ showReasoning: false, longAnswerMessages: 15 });
    const set = { ...coze, SHOW_REASONING: 'true', LONG_ANSWER_MESSAGES: '40' };
    expect(read(set)).toMatchObject({ showReasoning: true, longAnswerMessages: 40 });
  });

  test.each([
    ['LONG_ANSWER_MESSAGES', ['0', '101', '2.5', 'many', '-1']],
    ['ANSWER_WITHIN_MINUTES', ['0', '1441', 'Infinity', '15 min', '-1']],
  ])('%s is refused in words where it is out of its range', (name, values) => {
    const told = values.map((value) => mistakes({ ...coze, [name]: value }));
    const refusal = expect.stringMatching(new RegExp(`^${name}: must be .*1`));
    expect(told).toEqual(values.map(() => [refusal]));
  });

  test('SHOW_REASONING must be true or false', () => {
    expect(mistakes({ ...coze, SHOW_REASONING: 'perhaps' })).toEqual([
      'SHOW_REASONING: must be true or false',
    ]);
  });
});

test.each([
  ['', 15],
  ['2.5', 2.5],
])('what is older than ANSWER_WITHIN_MINUTES="%s" is left alone', (ANSWER_WITHIN_MINUTES, minutes) => {
  expect(read({ ...coze, ANSWER_WITHIN_MINUTES }).answerWithinMs).toBe(minutes * 60_000);
});
