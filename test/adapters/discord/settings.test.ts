import { expect, test } from 'vitest';
import { discord } from '../../../adapters/discord/index.ts';

const token = 'MjAwMDAwMDAwMDAwMDAwMDAx.Gabcde.abcdefghijklmnopqrstuvwxyz_-0123456789';

const read = (more: object) => discord.env.safeParse({ DISCORD_BOT_TOKEN: token, ...more });

test('a token alone is enough, and no privilege is asked for', () => {
  expect(read({}).data).toEqual({
    DISCORD_BOT_TOKEN: token,
    DISCORD_API_URL: 'https://discord.com/api',
    DISCORD_MESSAGE_CONTENT: false,
  });
});

test.each(['http://127.0.0.1:8080/api', 'http://127.0.0.1:8080/api/', 'http://127.0.0.1:8080/api/v10/'])(
  'the API may be elsewhere: %s',
  (url) => {
    expect(read({ DISCORD_API_URL: url }).data?.DISCORD_API_URL).toBe('http://127.0.0.1:8080/api');
  },
);

test.each([
  ['a client secret', 'Xx0123456789abcdefghijklmnopqrst', /Reset Token/],
  ['an application id', '200000000000000001', /Reset Token/],
  ['a token with its scheme', `Bot ${token}`, /three parts/],
  ['none', undefined, /required/],
])('%s is no token, and it is said what is', (_, given, words) => {
  expect(read({ DISCORD_BOT_TOKEN: given }).error?.issues).toMatchObject([
    { path: ['DISCORD_BOT_TOKEN'], message: expect.stringMatching(words) },
  ]);
});

test('what is neither true nor false, and no address, is told', () => {
  const { error } = read({ DISCORD_MESSAGE_CONTENT: 'maybe', DISCORD_API_URL: 'discord.com' });
  expect(error?.issues.map(({ path }) => path.join())).toEqual([
    'DISCORD_API_URL',
    'DISCORD_MESSAGE_CONTENT',
  ]);
});
