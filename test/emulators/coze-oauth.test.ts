import { createSign, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { CozeEmulatorOptions } from '../../emulators/coze/index.ts';
import type { OAuthOptions } from '../../emulators/coze/oauth.ts';
import { createApp } from '../support/oauth-app.ts';
import { call, emulate } from './coze-client.ts';

const { atCoze, ours } = createApp();
const path = '/api/permission/oauth2/token';
const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const second = () => Math.floor(Date.now() / 1_000);
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signed by hand, so that everything in it can be wrong. */
function jwt(claims: object = {}, header: object = {}, key = ours.privateKey): string {
  const head = encode({ alg: 'RS256', typ: 'JWT', kid: ours.keyId, ...header });
  const times = { iat: second(), exp: second() + 3_600 };
  const body = encode({ iss: ours.appId, aud: 'api.coze.cn', jti: randomUUID(), ...times, ...claims });
  return `${head}.${body}.${createSign('RSA-SHA256').update(`${head}.${body}`).sign(key, 'base64url')}`;
}

const open = (oauth: Partial<OAuthOptions> = {}, more: CozeEmulatorOptions = {}) =>
  emulate({ oauth: { apps: [atCoze], ...oauth }, ...more });

const ask = (url: string, token: string | null = jwt(), body: object = {}) =>
  call(url, path, { grant_type: grantType, ...body }, token);

async function tokenFrom(url: string, session?: string): Promise<string> {
  const { json } = await ask(url, jwt(session ? { session_name: session } : {}));
  return json.access_token;
}

describe('a token', () => {
  test('is given for a JWT, in no envelope, with the time of its end', async () => {
    const { url } = await open();
    const { status, json } = await ask(url);
    expect(status).toBe(200);
    expect(json).toEqual({
      access_token: expect.stringMatching(/^czs_\w{40,}$/),
      expires_in: expect.any(Number),
      token_type: 'Bearer',
    });
    expect(Math.abs(json.expires_in - second() - 900)).toBeLessThan(5);
  });

  test.each([1, 86_399])('lasts %i s when that is asked for', async (duration_seconds) => {
    const { url } = await open();
    const { json } = await ask(url, jwt(), { duration_seconds });
    expect(Math.abs(json.expires_in - second() - duration_seconds)).toBeLessThan(5);
  });

  test('lets in until it ends, or is taken back', async () => {
    let now = Date.now();
    const { emulator, url } = await open({ lifeSeconds: 60 }, { now: () => now });
    const token = await tokenFrom(url);
    const code = async () => (await call(url, '/v1/users/me', undefined, token)).json.code;
    now += 58_000;
    expect(await code()).toBe(0);
    now += 2_000;
    expect(await code()).toBe(4100);
    const other = await tokenFrom(url);
    expect((await call(url, '/v1/users/me', undefined, other)).json.code).toBe(0);
    emulator.revokeTokens();
    expect((await call(url, '/v1/users/me', undefined, other)).json.code).toBe(4100);
  });

  test('is the only one that is taken, but for those named', async () => {
    const { url } = await open({}, { tokens: ['pat_named'] });
    expect((await call(url, '/v1/users/me', undefined, 'pat_named')).json.code).toBe(0);
    expect((await call(url, '/v1/users/me', undefined, 'pat_other')).json.code).toBe(4100);
    const { url: another } = await open();
    expect((await call(another, '/v1/users/me', undefined, 'czs_made_up')).json.code).toBe(4100);
  });

  test('finds what another of the same app and session has made, and nothing else', async () => {
    const { emulator, url } = await open();
    const tokens = await Promise.all([tokenFrom(url, 'a'), tokenFrom(url, 'a'), tokenFrom(url, 'b')]);
    const { json } = await call(url, '/v1/conversation/create', {}, tokens[0]);
    const find = (token?: string) =>
      call(url, `/v1/conversation/retrieve?conversation_id=${json.data.id}`, undefined, token);
    expect((await find(tokens[1])).json.code).toBe(0);
    expect((await find(tokens[2])).json.code).toBe(4002);
    expect((await find(await tokenFrom(url))).json.code).toBe(4002);
    expect(emulator.conversations()[0]?.account).toBe(`${ours.appId}/a`);
  });
});

describe('no token is given', () => {
  const hour = 3_600;
  test.each([
    ['an unknown key', jwt({}, { kid: 'other' }), /kid not been registred/],
    ['another algorithm', jwt({}, { alg: 'none' }), /alg/],
    ['a signature of another key', jwt({}, {}, createApp().ours.privateKey), /signature/],
    ['another app', jwt({ iss: '1' }), /iss/],
    ['another audience', jwt({ aud: 'api.coze.com' }), /aud/],
    ['no time', jwt({ iat: undefined }), /iat/],
    ['a time to come', jwt({ iat: second() + hour, exp: second() + 2 * hour }), /iat/],
    ['an end that has been', jwt({ iat: second() - hour, exp: second() - 1 }), /exp/],
    ['an end after more than an hour', jwt({ exp: second() + hour + 9 }), /exp/],
    ['no id', jwt({ jti: '' }), /jti/],
    ['something else', 'pat_x', /read/],
    ['nothing', null, /empty/],
  ])('for %s', async (_, token, words) => {
    const { url } = await open();
    const { status, json } = await ask(url, token);
    expect([status, json.error_code]).toEqual([401, 'invalid_client']);
    expect(json.error_message).toMatch(words);
  });

  test('for a JWT that was used', async () => {
    const { url } = await open();
    const used = jwt();
    expect((await ask(url, used)).status).toBe(200);
    expect((await ask(url, used)).json.error_message).toMatch(/jti/);
  });

  test('for an app in the name of another', async () => {
    const { url } = await open({ apps: [atCoze, { id: 'other', keys: {} }] });
    expect((await ask(url, jwt({ iss: 'other' }))).json.error_message).toMatch(/iss/);
  });

  test('for an app that is off', async () => {
    const { url } = await open({ apps: [{ ...atCoze, off: true }] });
    expect((await ask(url)).json).toMatchObject({ error_code: 'access_deny' });
  });

  test.each([
    [{ grant_type: 'password' }, 'unsupported_grant_type'],
    [{ duration_seconds: 0 }, 'invalid_request'],
    [{ duration_seconds: 86_400 }, 'invalid_request'],
    [{ duration_seconds: 1.5 }, 'invalid_request'],
    [{ duration_seconds: '900' }, 'invalid_request'],
  ])('for %j', async (body, error) => {
    const { url } = await open({ errorForm: 'error' });
    const { status, json } = await ask(url, jwt(), body);
    expect(status).toBe(400);
    expect(json).toEqual({ error, error_description: expect.any(String) });
  });

  test('where there is no app', async () => {
    const { url } = await emulate();
    expect((await ask(url)).json.code).toBe(4200);
  });
});

test.each(['error_code', 'error'])('can be told to fail in the form of %s', async (form) => {
  const { url } = await open();
  const fault = { on: path, reply: 'oauth', error: 'internal_error', message: 'm', status: 500, form };
  await call(url, '/_emulator/fault', fault);
  const { status, json } = await ask(url);
  expect([status, json[form]]).toEqual([500, 'internal_error']);
  expect((await ask(url)).status).toBe(200);
});
