import { expect, test } from 'vitest';
import { createRegistration } from '../../../adapters/discord/registration.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createLogbook } from '../../support/logbook.ts';

/** On a server that fails with these statuses first. */
function startRegistration(...failures: object[]) {
  const clock = createFakeClock();
  const log = createLogbook();
  const stopping = new AbortController();
  const calls: { at: number; method: string; path: string }[] = [];
  const begunAt = clock.now();
  const register = createRegistration({
    clock,
    log,
    signal: stopping.signal,
    call: async (method, path) => {
      calls.push({ at: clock.now() - begunAt, method, path });
      const failure = failures.shift();
      if (failure) throw failure;
      return [];
    },
  });
  return { clock, log, calls, register: () => register('200'), stop: () => stopping.abort() };
}

const failing = { status: 500 };

test('the slash commands are tried again with waits that grow, and told of twice', async () => {
  const { clock, log, calls, register } = startRegistration(failing, { code: 'ECONNRESET' }, failing);
  await register();
  expect(calls).toHaveLength(1);
  await clock.advance(3_600_000);
  expect(calls.map(({ at, method }) => `${method} ${at}`)).toEqual([
    'GET 0',
    'GET 5000',
    'GET 15000',
    'GET 35000',
    'PUT 35000',
  ]);
  expect(log.events()).toEqual([
    'warn: the slash commands could not be registered; trying again',
    'info: the slash commands are registered',
  ]);
});

test('they wait ten minutes at most between two attempts, or as long as a limit says', async () => {
  const { clock, calls, register } = startRegistration(...Array(8).fill(failing), { timeToReset: 1_800_000 });
  await register();
  await clock.advance(36_000_000);
  const waits = calls.slice(1).map(({ at }, index) => at - (calls[index]?.at ?? 0));
  expect(waits.slice(6)).toEqual([320_000, 600_000, 1_800_000, 0]);
});

test('a refusal is final, and said once', async () => {
  const { clock, log, calls, register } = startRegistration({ status: 404, rawError: {} });
  await register();
  await clock.advance(36_000_000);
  expect(calls).toHaveLength(1);
  expect(log.events()).toEqual(['warn: the slash commands could not be registered']);
});

test('a connection that begins anew tries no second time beside the first, but after it', async () => {
  const { clock, calls, register } = startRegistration(failing);
  await register();
  await register();
  expect(calls).toHaveLength(1);
  await clock.advance(5_000);
  await register();
  expect(calls.map(({ method }) => method)).toEqual(['GET', 'GET', 'PUT', 'GET', 'PUT']);
});

test('the end of the bridge ends it', async () => {
  const { clock, calls, register, stop } = startRegistration(failing);
  await register();
  stop();
  await clock.advance(36_000_000);
  expect(calls).toHaveLength(1);
});
