import { expect, test } from 'vitest';
import { telegram } from '../../../adapters/telegram/index.ts';

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
  });
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
