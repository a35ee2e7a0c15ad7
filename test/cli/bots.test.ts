import { expect, onTestFinished, test } from 'vitest';
import { type CozeEmulatorOptions, startCozeEmulator } from '../../emulators/coze/index.ts';
import { bots } from '../../src/cli/bots.ts';
import { call } from './shell.ts';

const token = 'pat_TestTokenThatOpensNothing';
const team = '7300000000000000020';
const there = {
  '7300000000000000001': { published: true, name: 'Weather' },
  '7300000000000000002': { published: false, name: 'Night\u001b[31m owl', workspace: team },
};

async function atCoze(options: CozeEmulatorOptions = {}) {
  const emulator = await startCozeEmulator({ bots: there, tokens: [token], ...options });
  onTestFinished(() => emulator.close());
  const env = { COZE_API_TOKEN: token, COZE_BASE_URL: emulator.url };
  return { emulator, run: (line: string, more = {}) => call({ bots }, `bots ${line}`, { ...env, ...more }) };
}

test('lists every bot: its id, whether it is published, where, and its name, though none is set yet', async () => {
  const { run } = await atCoze();
  expect(await run('')).toEqual({
    status: 0,
    out: [
      '7300000000000000001  published      7300000000000000009  Weather',
      '7300000000000000002  not published  7300000000000000020  Night\ufffd[31m owl',
    ].join('\n'),
    err: '',
  });
});

test('--json is one object a line', async () => {
  const { run } = await atCoze();
  const { status, out } = await run(`--workspace ${team} --json`);
  expect([status, JSON.parse(out)]).toEqual([
    0,
    { id: '7300000000000000002', name: 'Night\u001b[31m owl', isPublished: false, workspaceId: team },
  ]);
  expect(out).not.toContain('\u001b');
});

test('says so when there are none', async () => {
  const { run } = await atCoze({ bots: {} });
  expect(await run('')).toEqual({ status: 0, out: '', err: expect.stringMatching(/no bots/) });
});

test.each([
  [
    'a token that Coze does not know',
    { COZE_API_TOKEN: 'pat_another_one' },
    /4100[\s\S]*COZE_API_TOKEN[\s\S]*coze\.com/,
  ],
  ['a server that is not there', { COZE_BASE_URL: 'http://127.0.0.1:9' }, /ECONNREFUSED[\s\S]*network/],
  ['no token', { COZE_API_TOKEN: '' }, /COZE_API_TOKEN: required/],
  ['an address that is none', { COZE_BASE_URL: 'coze' }, /COZE_BASE_URL: is not a web address/],
])('%s: says what to do', async (_what, env, words) => {
  const { run } = await atCoze();
  const { status, out, err } = await run('', env);
  expect([status, out]).toEqual([1, '']);
  expect(err).toMatch(words);
  expect(err).not.toMatch(/pat_/);
});

test.each(['everything', '--workspace', '--workspace mine', '--all'])('"%s" means nothing', async (line) => {
  const { emulator, run } = await atCoze();
  const { status, err } = await run(line);
  expect([status, err]).toEqual([2, expect.stringMatching(/\nUsage: npm run -s bridge -- bots/)]);
  expect(emulator.requests).toEqual([]);
});
