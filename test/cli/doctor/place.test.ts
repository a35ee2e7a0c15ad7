import { describe, expect, test } from 'vitest';
import { openClinic, states } from './stand.ts';

describe('the doctor', () => {
  test('finds nothing wrong with a bridge that works, one line for each thing', async () => {
    const { run, coze } = await openClinic();
    const { status, out, err } = await run('');
    expect([status, err]).toEqual([0, '']);
    expect(out.split('\n').map((line) => line.replace(/ {2,}/g, ' '))).toEqual([
      'ok node Node.js 20.19.0',
      expect.stringMatching(/^ok settings role all; platforms: terminal, http$/),
      expect.stringMatching(/^ok proxies none/),
      expect.stringMatching(/^ok store the folder .* can be written/),
      expect.stringMatching(/^ok coze token 127\.0\.0\.1:\d+ accepts it$/),
      'ok coze bot 7300000000000000001 is published to the API: Emulated bot',
      expect.stringMatching(/^ok coze answer .*first words after \d+ ms, .* after \d+ ms, in \d+ pieces$/),
      'nothing failed',
    ]);
    expect(coze.requests).toHaveLength(4);
  });

  test('says what it has found as one object a line, for programs', async () => {
    const { examine } = await openClinic();
    const { found } = await examine({}, { nodeVersion: '18.20.1' });
    expect(found.node).toEqual({
      state: 'failed',
      words: 'Node.js 18.20.1 is too old',
      advice: expect.stringMatching(/20\.19/),
    });
    expect(found.store).toEqual({ state: 'ok', words: expect.any(String) });
  });

  test('leaves with 1 when something failed, and counts it', async () => {
    const { run } = await openClinic();
    const { status, out } = await run('', { COZE_API_TOKEN: 'pat_NobodyKnowsThisOne' });
    expect(status).toBe(1);
    expect(out).toMatch(/^FAILED {3}coze token .* What to do: /m);
    expect(out.split('\n').at(-1)).toBe('1 of 7 failed');
  });

  test.each(['now', '--all', '--json=yes'])('"%s" means nothing', async (line) => {
    const { run, coze } = await openClinic();
    expect(await run(line)).toMatchObject({
      status: 2,
      out: '',
      err: expect.stringMatching(/\nUsage: .*doctor/),
    });
    expect(coze.requests).toEqual([]);
  });
});

test.each([
  ['20.18.9', 'failed'],
  ['20.19.0', 'ok'],
  ['22.1.0', 'ok'],
  ['9.99.0', 'failed'],
])('Node.js %s: %s', async (nodeVersion, state) => {
  const { examine } = await openClinic();
  expect((await examine({}, { nodeVersion })).found.node?.state).toBe(state);
});

describe('the settings', () => {
  test('are told by every mistake, and the rest is looked at as far as it can be', async () => {
    const { examine } = await openClinic();
    const diagnosis = await examine({ COZE_BOT_ID: 'mine', ROLE: 'boss' });
    expect(diagnosis.found.settings?.words).toMatch(/COZE_BOT_ID: .*; .*ROLE: /);
    expect(states(diagnosis)).toEqual({
      node: 'ok',
      settings: 'failed',
      proxies: 'ok',
      store: 'ok',
      'coze token': 'ok',
      'coze bot': 'skipped',
      'coze answer': 'skipped',
    });
    expect(diagnosis.found['coze bot']?.words).toMatch(/-- bots/);
    expect(diagnosis.found['coze answer']?.words).toBe('not made, as "coze bot" was skipped');
    expect(diagnosis.status).toBe(1);
  });

  test('that are missing keep nobody from saying the rest', async () => {
    const { examine } = await openClinic();
    const diagnosis = await examine({ COZE_API_TOKEN: '' });
    expect(diagnosis.found['coze token']).toEqual({
      state: 'skipped',
      words: expect.stringMatching(/COZE_API_TOKEN/),
    });
    expect(states(diagnosis)).toMatchObject({ settings: 'failed', 'coze bot': 'skipped', store: 'ok' });
  });

  test('are odd where one does nothing', async () => {
    const { examine } = await openClinic();
    const { status, found } = await examine({ COZE_BOTID: '1' });
    expect(found.settings).toMatchObject({ state: 'odd', words: expect.stringMatching(/COZE_BOT_ID/) });
    expect(status).toBe(0);
  });

  test('are those of the demo where there are none', async () => {
    const { examine } = await openClinic();
    const diagnosis = await examine({ COZE_API_TOKEN: '', COZE_BOT_ID: '', COZE_BASE_URL: '' });
    expect(diagnosis.found.settings?.words).toMatch(/the demo runs/);
    expect(states(diagnosis)).toMatchObject({
      store: 'skipped',
      'coze token': 'skipped',
      'coze bot': 'skipped',
    });
    expect(diagnosis.status).toBe(0);
  });
});

describe('the proxies', () => {
  test('are told for each leg, without what is secret in them', async () => {
    const { examine } = await openClinic();
    const proxies = { COZE_PROXY: 'off', HTTPS_PROXY: 'http://me:hush-hush@127.0.0.1:7890' };
    const telegram = { TELEGRAM_BOT_TOKEN: '123456:AAE_of_nobody' };
    const { found } = await examine({ ...proxies, ...telegram });
    expect(found.proxies).toEqual({
      state: 'ok',
      words: 'coze straight on; telegram through 127.0.0.1:7890',
    });
    expect(found['telegram token']).toMatchObject({
      state: 'failed',
      words: expect.stringMatching(/the proxy 127\.0\.0\.1:7890 cannot be reached/),
    });
  });

  test('that no leg takes are odd', async () => {
    const { examine } = await openClinic();
    expect((await examine({ HTTP_PROXY: 'http://127.0.0.1:7890' })).found.proxies).toMatchObject({
      state: 'odd',
      advice: expect.stringMatching(/HTTPS_PROXY/),
    });
  });

  test('that are none are named', async () => {
    const { examine } = await openClinic();
    expect((await examine({ COZE_PROXY: 'nonsense' })).found.proxies).toMatchObject({
      state: 'failed',
      words: expect.stringMatching(/^COZE_PROXY: must look like/),
    });
  });
});

test('a line is plain sentences: what is wrong, and what to do', async () => {
  const { run } = await openClinic();
  const nowhere = 'http://127.0.0.1:9';
  const { out } = await run('', {
    REDIS_URL: 'redis://127.0.0.1:9',
    COZE_BASE_URL: nowhere,
    // A mistake that ends in a question.
    COZE_BOT_ID: 'x',
    TELEGRM_BOT_TOKEN: 'x',
  });
  expect(out).toMatch(/127\.0\.0\.1:9\. What to do: Start it, or mend REDIS_URL\n/);
  expect(out).toMatch(/Coze cannot be reached \(.*ECONNREFUSED.*\)\. What to do: .*COZE_PROXY/);
  expect(out).not.toMatch(/[.?]\./);
});
