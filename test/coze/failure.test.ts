import { expect, test } from 'vitest';
import { failureOf } from '../../src/coze/failure.ts';
import { retryAfterMs } from '../../src/coze/refusal.ts';

test.each([
  ['busy', [4009, 4013, 4020, 4102, 5000]],
  ['occupied', [4016]],
  ['quota', [4008, 4011, 4019, 4022, 4027, 4028, 788788103]],
  ['token', [4100, 700012006]],
  ['config', [4000, 4003, 4004, 4005, 4006, 4007, 4012, 4015, 4021, 4101, 4200]],
  ['refused', [4014]],
  ['too-long', [4010]],
  ['file', [4300, 4301, 4302, 4303, 4304]],
  ['gone', [4001, 4002]],
  ['failed', [701231, 720702204]],
])('codes that mean %s', (kind, codes) => {
  const kinds = codes.map((code) => failureOf({ code, status: 200, begun: false }).facts.kind);
  expect(kinds).toEqual(codes.map(() => kind));
  expect(failureOf({ code: String(codes[0]), begun: false }).facts).toMatchObject({ kind, code: codes[0] });
});

test('the code outweighs the status, which counts when the code says nothing', () => {
  expect(failureOf({ code: 4028, status: 500, begun: false }).facts).toMatchObject({
    kind: 'quota',
    code: 4028,
  });
  for (const code of [0, '0', '', undefined, null, 'x', -1, 1.5]) {
    expect(failureOf({ code, status: 503, begun: false }).facts).toMatchObject({ kind: 'busy', code: 503 });
  }
});

test('only what may pass by itself is asked again, and only before the chat has begun', () => {
  expect(failureOf({ code: 4016, begun: false }).facts.retryable).toBe(true);
  expect(failureOf({ code: 4016, begun: true }).facts.retryable).toBe(false);
  expect(failureOf({ code: 4028, begun: false }).facts.retryable).toBe(false);
});

test('a limit per minute asks for at least ten seconds', () => {
  expect(failureOf({ code: 4020, begun: false }).facts.retryAfterMs).toBe(10_000);
  expect(failureOf({ code: 4020, retryAfterMs: 30_000, begun: false }).facts.retryAfterMs).toBe(30_000);
  expect(failureOf({ code: 4013, begun: false }).facts.retryAfterMs).toBeUndefined();
});

test('how often it may be asked is a limit, unless the chat has begun', () => {
  const limits = [
    { code: 4009 },
    { code: 4013 },
    { code: 4020 },
    { status: 429 },
    { code: 4013, status: 429 },
  ];
  for (const signs of limits) {
    expect(failureOf({ ...signs, begun: false }).facts.isLimit).toBe(true);
    expect(failureOf({ ...signs, begun: true }).facts.isLimit).toBeUndefined();
  }
  for (const signs of [{ code: 5000 }, { code: 4016 }, { code: 4008, status: 429 }, { status: 503 }])
    expect(failureOf({ ...signs, begun: false }).facts.isLimit).toBeUndefined();
});

test("Coze's words are kept short and on one line", () => {
  const { said } = failureOf({ code: 4000, said: `a\n b ${'x'.repeat(999)}`, begun: false }).facts;
  expect(said).toMatch(/^a b x+$/);
  expect(said).toHaveLength(200);
  expect(failureOf({ code: 4000, said: { not: 'words' }, begun: false }).facts.said).toBeUndefined();
});

test('Retry-After is in seconds or a date', () => {
  const now = Date.UTC(2025, 0, 1);
  expect(retryAfterMs('3', now)).toBe(3_000);
  expect(retryAfterMs('Wed, 01 Jan 2025 00:00:09 GMT', now)).toBe(9_000);
  for (const header of ['0', 'soon', '', undefined, 'Wed, 01 Jan 2020 00:00:00 GMT']) {
    expect(retryAfterMs(header, now)).toBeUndefined();
  }
});
