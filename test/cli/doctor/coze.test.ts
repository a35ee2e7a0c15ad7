import { describe, expect, test } from 'vitest';
import { startCozeEmulator } from '../../../emulators/coze/index.ts';
import { createApp } from '../../support/oauth-app.ts';
import { botId, openClinic, states, token } from './stand.ts';

describe('the token', () => {
  test.each(['401', '200', '700012006'] as const)('that Coze refuses as %s', async (badToken) => {
    const { examine } = await openClinic({ tokens: ['pat_another'], badToken });
    const diagnosis = await examine();
    expect(diagnosis.found['coze token']).toMatchObject({
      state: 'failed',
      words: expect.stringMatching(/4100|700012006/),
      advice: expect.stringMatching(/COZE_API_TOKEN/),
    });
    expect(diagnosis.found['coze bot']).toEqual({
      state: 'skipped',
      words: 'not made, as "coze token" has failed',
    });
    expect(diagnosis.found['coze answer']?.state).toBe('skipped');
    expect(diagnosis.status).toBe(1);
  });

  test('of the other region is told with the address to set', async () => {
    const other = await startCozeEmulator({ tokens: [token] });
    const { examine } = await openClinic({ tokens: ['pat_another'] });
    const { found } = await examine({}, { otherRegion: () => other.url });
    await other.close();
    expect(found['coze token']).toEqual({
      state: 'failed',
      words: expect.stringMatching(/another region/),
      advice: `set COZE_BASE_URL=${other.url}`,
    });
  });

  test('of no region is not told to be one of another', async () => {
    const other = await startCozeEmulator({ tokens: ['pat_third'] });
    const { examine } = await openClinic({ tokens: ['pat_another'] });
    const { found } = await examine({}, { otherRegion: () => other.url });
    await other.close();
    expect(found['coze token']?.words).toMatch(/4100/);
  });

  test('of an OAuth app, too', async () => {
    const { atCoze, ours } = createApp();
    const { examine } = await openClinic({ oauth: { apps: [atCoze] } });
    const app = {
      COZE_API_TOKEN: '',
      COZE_OAUTH_APP_ID: ours.appId,
      COZE_OAUTH_KEY_ID: ours.keyId,
      COZE_OAUTH_PRIVATE_KEY: ours.privateKey,
    };
    expect((await examine(app)).status).toBe(0);
    const { found } = await examine({ ...app, COZE_OAUTH_KEY_ID: 'another' });
    expect(found['coze token']).toMatchObject({
      state: 'failed',
      words: expect.stringMatching(/OAuth app is refused/),
    });
  });

  test('cannot be told where nobody answers', async () => {
    const { examine } = await openClinic();
    expect((await examine({ COZE_BASE_URL: 'http://127.0.0.1:9' })).found['coze token']).toMatchObject({
      state: 'failed',
      words: expect.stringMatching(/ECONNREFUSED/),
      advice: expect.stringMatching(/network/),
    });
  });

  test.each([404, 200])('and the bot cannot be told by a Coze Studio (%i), which answers', async (status) => {
    const { examine, coze } = await openClinic();
    coze.fault({ on: '/v1/users/me', reply: 'html', status });
    coze.fault({ on: `/v1/bots/${botId}`, reply: 'html', status });
    const diagnosis = await examine();
    expect(states(diagnosis)).toMatchObject({ 'coze token': 'odd', 'coze bot': 'odd', 'coze answer': 'ok' });
    expect(diagnosis.found['coze token']?.advice).toMatch(/Studio/);
    expect(diagnosis.status).toBe(0);
  });

  test('and the bot cannot be told where there is no API at all, and nothing is answered', async () => {
    const { examine, coze } = await openClinic();
    coze.fault({ on: '*', reply: 'html', status: 404 }, 9);
    const { status, found } = await examine();
    expect([status, found['coze answer']]).toEqual([
      1,
      {
        state: 'failed',
        words: expect.stringMatching(/404/),
        advice: expect.stringMatching(/^COZE_BASE_URL/),
      },
    ]);
  });

  test('is not seen, though a server repeats it', async () => {
    const own = 'of-a-studio-of-my-own';
    const { examine, coze } = await openClinic({ tokens: [own] });
    coze.fault({ on: '/v1/users/me', reply: 'json', code: 4100, msg: `${own} is unknown` });
    expect((await examine({ COZE_API_TOKEN: own })).found['coze token']?.words).toMatch(
      /\[secret\] is unknown/,
    );
  });
});

describe('the bot', () => {
  test.each([
    ['is not published to the API', { [botId]: { published: false } }, /4015/, /tick API/],
    ['is not there', {}, /4006/, /-- bots/],
  ])('%s', async (_what, bots, words, advice) => {
    const { examine } = await openClinic({ bots });
    const diagnosis = await examine();
    expect(diagnosis.found['coze bot']).toEqual({
      state: 'failed',
      words: expect.stringMatching(words),
      advice: expect.stringMatching(advice),
    });
    expect(states(diagnosis)).toMatchObject({ 'coze token': 'ok', 'coze answer': 'skipped' });
  });

  test('is in the other region', async () => {
    const other = await startCozeEmulator({ tokens: [token] });
    const { examine } = await openClinic({ bots: {} });
    const { found } = await examine({}, { otherRegion: () => other.url });
    await other.close();
    expect(found['coze bot']).toMatchObject({ state: 'failed', advice: `set COZE_BASE_URL=${other.url}` });
  });

  test('that the token may not look up is asked all the same', async () => {
    const { examine, coze } = await openClinic();
    coze.fault({ on: `/v1/bots/${botId}`, reply: 'json', code: 4101 });
    const diagnosis = await examine();
    expect(states(diagnosis)).toMatchObject({ 'coze bot': 'odd', 'coze answer': 'ok' });
    expect(diagnosis.status).toBe(0);
  });
});

describe('the answer', () => {
  test.each([
    ['/v1/conversation/create', 4101, /4101/, /permission/],
    ['/v1/conversation/create', 5000, /5000/, /COZE_BOT_ID/],
    ['/v3/chat', 4101, /4101/, /permission/],
    ['/v3/chat', 4015, /4015/, /tick API/],
    ['/v3/chat', 4028, /4028/, /top it up/],
    ['/v3/chat', 4013, /4013/, /try again/],
  ])('is refused at %s with %i', async (on, code, words, advice) => {
    const { examine, coze } = await openClinic();
    coze.fault({ on, reply: 'json', code });
    const { status, found } = await examine();
    expect(status).toBe(1);
    expect(found['coze answer']).toEqual({
      state: 'failed',
      words: expect.stringMatching(words),
      advice: expect.stringMatching(advice),
    });
  });

  test('that breaks off has failed, and one that is empty is odd', async () => {
    const { examine, coze } = await openClinic();
    coze.answer({ steps: [{ say: 'O' }, { cut: 'destroy' }] });
    expect((await examine()).found['coze answer']?.state).toBe('failed');
    coze.answer({ steps: [] });
    expect((await examine()).found['coze answer']?.state).toBe('odd');
  });

  test('is timed from the question to the first words', async () => {
    const { examine, coze } = await openClinic();
    coze.answer({ steps: [{ waitMs: 150 }, { say: ['O', 'K'] }] });
    const { found } = await examine();
    const [, firstMs] = /first words after (\d+) ms/.exec(found['coze answer']?.words ?? '') ?? [];
    expect(Number(firstMs)).toBeGreaterThanOrEqual(140);
  });
});
