import { describe, expect, test } from 'vitest';
import { telegram } from '../../../adapters/telegram/index.ts';
import { webhookIn } from '../../../adapters/telegram/webhook/settings.ts';

const token = '123456:AAE-secret_secret_secret_secret_123';
const mistakes = (env: object) =>
  telegram.env
    .safeParse(env)
    .error?.issues.map(({ message }) => message)
    .join();

test('a token is enough', () => {
  expect(telegram.env.parse({ TELEGRAM_BOT_TOKEN: `${token}\n` })).toEqual({
    TELEGRAM_BOT_TOKEN: token,
    TELEGRAM_API_ROOT: 'https://api.telegram.org',
    TELEGRAM_FORMAT: 'entities',
    TELEGRAM_STREAM: 'edit',
  });
});

test.each([
  ['TELEGRAM_FORMAT', 'markdown', 'must be entities or rich'],
  ['TELEGRAM_STREAM', 'drafts', 'must be edit or draft'],
])('%s %j is named, with what there is', (name, value, mistake) => {
  expect(mistakes({ TELEGRAM_BOT_TOKEN: token, [name]: value })).toBe(mistake);
});

test('the address of another Bot API server loses its last slash', () => {
  const env = { TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: 'http://127.0.0.1:8081/' };
  expect(telegram.env.parse(env).TELEGRAM_API_ROOT).toBe('http://127.0.0.1:8081');
});

test('a token that was not copied whole is named, with where to copy it, and not repeated', () => {
  for (const broken of ['123456', ':AAE', token.slice(7), `bot${token}`, `${token} x`]) {
    const mistake = mistakes({ TELEGRAM_BOT_TOKEN: broken });
    expect(mistake).toContain('copy it whole from @BotFather');
    expect(mistake).not.toContain('secret');
  }
  expect(mistakes({})).toContain('@BotFather');
});

test('an address that is none is named', () => {
  const env = { TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: 'api.telegram.org' };
  expect(mistakes(env)).toBe('must look like https://api.telegram.org');
});

describe('the webhook', () => {
  const local = 'http://127.0.0.1:8081';
  const set = (more: object) => ({ TELEGRAM_BOT_TOKEN: token, ...more });
  const hook = (more: object = {}) =>
    webhookIn(telegram.env.parse(set({ TELEGRAM_WEBHOOK_URL: 'https://bridge.example/telegram', ...more })));

  test('an address is enough', () => {
    expect(hook()).toEqual({
      url: 'https://bridge.example/telegram',
      secret: expect.stringMatching(/^[\w-]{43}$/),
      port: 8_080,
      host: '127.0.0.1',
    });
    expect(webhookIn(telegram.env.parse(set({ TELEGRAM_WEBHOOK_PORT: '80' })))).toBeUndefined();
  });

  test('all of it may be set', () => {
    const more = {
      TELEGRAM_WEBHOOK_SECRET: 'My_own-1',
      TELEGRAM_WEBHOOK_PORT: '9000',
      TELEGRAM_WEBHOOK_HOST: '0.0.0.0',
    };
    expect(hook(more)).toMatchObject({ secret: 'My_own-1', port: 9_000, host: '0.0.0.0' });
  });

  test('without a secret, all processes with one token have the same, and nobody else has', () => {
    const other = telegram.env.parse({
      TELEGRAM_BOT_TOKEN: `${token}4`,
      TELEGRAM_WEBHOOK_URL: 'https://a.example',
    });
    expect(hook()?.secret).toBe(hook({ TELEGRAM_WEBHOOK_PORT: '9000' })?.secret);
    expect(hook()?.secret).not.toBe(webhookIn(other)?.secret);
  });

  test.each([
    'https://a.example/x',
    'https://a.example:443',
    'https://a.example:80',
    'https://a.example:88/',
    'https://a.example:8443',
  ])('Telegram calls %s', (url) => expect(mistakes(set({ TELEGRAM_WEBHOOK_URL: url }))).toBeUndefined());

  test.each([
    ['bridge.example', 'must look like https://'],
    ['ftp://bridge.example', 'must look like https://'],
    ['http://bridge.example/x', 'must begin with https://'],
    ['https://bridge.example:8080/x', 'must be on port 443, 80, 88 or 8443'],
  ])('%s is named as a mistake', (url, mistake) => {
    expect(mistakes(set({ TELEGRAM_WEBHOOK_URL: url }))).toContain(mistake);
  });

  test('a broken address of the Bot API is named beside it', () => {
    const given = set({ TELEGRAM_API_ROOT: 'nowhere', TELEGRAM_WEBHOOK_URL: 'https://a.example' });
    expect(mistakes(given)).toBe('must look like https://api.telegram.org');
  });

  test('a mistake in the address is told under its name', () => {
    const { error } = telegram.env.safeParse(set({ TELEGRAM_WEBHOOK_URL: 'http://bridge.example' }));
    expect(error?.issues[0]?.path).toEqual(['TELEGRAM_WEBHOOK_URL']);
  });

  test('a Bot API server of your own may call any', () => {
    const given = set({ TELEGRAM_API_ROOT: local, TELEGRAM_WEBHOOK_URL: 'http://10.0.0.5:3000/x' });
    expect(mistakes(given)).toBeUndefined();
  });

  test.each(['', 'has space', 'ä', 'a'.repeat(257)])('the secret %j is named, and not repeated', (secret) => {
    const mistake = mistakes(set({ TELEGRAM_WEBHOOK_SECRET: secret }));
    expect(mistake).toBe('must be 1 to 256 characters of A-Z, a-z, 0-9, _ and -');
  });

  test.each(['0', '65536', '80.5', 'http'])('the port %s is named', (port) => {
    expect(mistakes(set({ TELEGRAM_WEBHOOK_PORT: port }))).toMatch(/^must be a port, 1 to 65535/);
  });
});
