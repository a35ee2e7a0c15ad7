import { inspect } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Misfortune } from '../../emulators/coze/fault.ts';
import { fetchGrant } from '../../src/coze/grant.ts';
import { usualLimits } from '../../src/coze/limits.ts';
import { createApp } from '../support/oauth-app.ts';
import { atCoze, openOAuth, ours, tokenPath } from './oauth-stand.ts';
import { startRawServer } from './raw-server.ts';
import { eventually, failureOf } from './stand.ts';
import { createStillClock } from './still-clock.ts';

const hourMs = 3_600_000;

const grantFrom = async (fault: Misfortune) => {
  const { emulator, line } = await openOAuth();
  emulator.fault({ ...fault, on: tokenPath });
  return failureOf(fetchGrant(line, ours, undefined));
};

const claimsOf = (jwt = '') =>
  jwt
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));

describe('a grant', () => {
  test('is asked for with a JWT of its own each time, for an hour', async () => {
    const { line, clock, tokenCalls } = await openOAuth();
    const grant = await fetchGrant(line, ours, undefined);
    expect(grant).toMatchObject({ lifeMs: hourMs, endsAt: clock.now() + hourMs });
    expect((await fetchGrant(line, ours, undefined)).token).not.toBe(grant.token);
    const [first, second] = tokenCalls().map(({ token }) => claimsOf(token));
    expect(first?.[0]).toMatchObject({ alg: 'RS256', kid: ours.keyId });
    expect(first?.[1]).toMatchObject({ iss: ours.appId, aud: 'api.coze.cn' });
    expect(first?.[1]).not.toHaveProperty('session_name');
    expect(second?.[1].jti).not.toBe(first?.[1].jti);
    expect(tokenCalls()[0]?.body).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      duration_seconds: 3_600,
    });
  });

  test('is one of a session, where there is one', async () => {
    const { line, tokenCalls } = await openOAuth();
    await fetchGrant(line, ours, 'u_abc');
    expect(claimsOf(tokenCalls()[0]?.token)[1].session_name).toBe('u_abc');
  });

  test.each([
    ['ten minutes behind', 600_000, hourMs],
    ['ten minutes ahead', -600_000, hourMs - 600_000],
    ['two hours ahead', -2 * hourMs, hourMs],
    ['two hours behind', 2 * hourMs, hourMs],
  ])('lasts no longer than was asked for, and not no time, by a clock that is %s', async (_, off, lifeMs) => {
    const clock = createStillClock();
    const { line } = await openOAuth({ now: () => clock.now() + off });
    expect(await fetchGrant(line, ours, undefined)).toMatchObject({ lifeMs, endsAt: clock.now() + lifeMs });
  });

  test.each(['{"access_token":"czs_x"}', '{"access_token":"czs_x","expires_in":3600}'])(
    'lasts as long as was asked for when Coze does not say until when: %s',
    async (body) => {
      const server = await startRawServer((reply) => reply.whole('200 OK', 'application/json', body));
      onTestFinished(() => server.close());
      const clock = createStillClock();
      const line = { baseUrl: server.url, clock, limits: usualLimits };
      expect(await fetchGrant(line, ours, undefined)).toMatchObject({ token: 'czs_x', lifeMs: hourMs });
    },
  );
});

describe('a grant that is refused', () => {
  const message = 'invalid jwt: kid not been registred';
  test.each([
    ['error_code', 401],
    ['error', 400],
    ['error_code', 200],
  ] as const)(
    'in the form of %s with status %i is told in Coze’s words, with what to do',
    async (form, status) => {
      const facts = await grantFrom({ reply: 'oauth', error: 'invalid_client', message, form, status });
      expect(facts).toMatchObject({ kind: 'token', code: status, retryable: false });
      expect(facts.said).toMatch(
        /^the OAuth app is refused: invalid_client: invalid jwt: kid not been registred; check/,
      );
      expect(facts.said).toMatch(/COZE_OAUTH_KEY_ID.*fingerprint/);
      expect(facts.logid).toBeDefined();
    },
  );

  test.each([
    ['a key that Coze does not have', { ...ours, keyId: 'other' }, /kid not been/],
    ['a key that is another', { ...ours, privateKey: createApp().ours.privateKey }, /signature/],
    ['another app', { ...ours, appId: '1' }, /invalid_client/],
  ])('for %s', async (_, app, words) => {
    const { line } = await openOAuth();
    const { kind, said } = await failureOf(fetchGrant(line, app, undefined));
    expect(kind).toBe('token');
    expect(said).toMatch(words);
  });

  test('because the app is switched off', async () => {
    const { line } = await openOAuth({ oauth: { apps: [{ ...atCoze, off: true }] } });
    expect(await failureOf(fetchGrant(line, ours, undefined))).toMatchObject({
      kind: 'token',
      said: expect.stringMatching(/deactivated by the owner/),
    });
  });

  test('tells neither a token nor the JWT nor the key', async () => {
    const { emulator, line, tokenCalls } = await openOAuth();
    await fetchGrant(line, ours, undefined);
    const jwt = tokenCalls()[0]?.token ?? '';
    emulator.fault({
      on: tokenPath,
      reply: 'oauth',
      error: 'invalid_client',
      message: `${jwt} czs_SECRETsecret`,
    });
    const error = await fetchGrant(line, ours, undefined).catch((caught: unknown) => caught);
    const shown = inspect(error, { depth: 9, showHidden: true });
    expect(shown).toMatch(/refused/);
    expect(shown).not.toMatch(/eyJ|SECRET/);
    for (const part of [...jwt.split('.'), ...ours.privateKey.split('\n').slice(1, -2)])
      expect(shown).not.toContain(part);
  });
});

describe('a grant that cannot be had now', () => {
  test.each<[string, Misfortune, object]>([
    ['an error inside Coze', { reply: 'oauth', error: 'internal_error', status: 500 }, { code: 500 }],
    ['the same with another status', { reply: 'oauth', error: 'internal_error', status: 200 }, { code: 200 }],
    [
      'too many calls',
      { reply: 'oauth', error: 'x', status: 429, retryAfter: '3' },
      { code: 429, retryAfterMs: 3_000 },
    ],
    ['an error without a name', { reply: 'oauth', error: 'x', status: 503 }, { code: 503 }],
    ['a gateway', { reply: 'html', status: 502, retryAfter: '7' }, { code: 502, retryAfterMs: 7_000 }],
    ['Coze’s other form', { reply: 'json', code: 4013 }, { code: 4013 }],
    ['a lost connection', { reply: 'drop' }, { said: 'ECONNRESET' }],
    ['nothing', { reply: 'empty' }, {}],
  ])('because of %s may be had later', async (_, fault, facts) => {
    expect(await grantFrom(fault)).toMatchObject({ kind: 'busy', retryable: true, ...facts });
  });

  test('is waited for no longer than 10 s', async () => {
    const { emulator, line, clock, tokenCalls } = await openOAuth();
    emulator.fault({ on: tokenPath, reply: 'hang' });
    const facts = failureOf(fetchGrant(line, ours, undefined));
    await eventually(() => tokenCalls().length).toBe(1);
    clock.advance(10_000);
    expect(await facts).toMatchObject({ kind: 'busy', retryable: true });
    await eventually(() => tokenCalls()[0]?.broken).toBe(true);
  });

  test.each<[string, Misfortune]>([
    ['a web page', { reply: 'html', status: 200 }],
    ['a page that is not there', { reply: 'html', status: 404 }],
  ])('because the address leads to %s is the address’s fault', async (_, fault) => {
    expect(await grantFrom(fault)).toMatchObject({ kind: 'config', retryable: false });
  });

  test('because no token is in the reply', async () => {
    const facts = await grantFrom({ reply: 'json', code: 0 });
    expect(facts).toMatchObject({ kind: 'failed', retryable: false });
  });
});
