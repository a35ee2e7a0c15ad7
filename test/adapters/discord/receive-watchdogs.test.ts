import { afterEach, describe, expect, test } from 'vitest';
import { createNotes } from '../../support/notes.ts';
import { checkAndStop, fastClock, startEmulator, startHearing, startListening } from './listening.ts';

afterEach(checkAndStop);

const texts = (heard: readonly { text: string }[]) => heard.map(({ text }) => text);

const episode = [
  'info: the connection to Discord has ended; connecting again',
  'warn: Discord cannot be reached; trying again',
  'info: Discord is reached again',
];

test('a HELLO that says nothing ends nothing', async () => {
  const emulator = await startEmulator();
  emulator.gateway.hello('empty');
  const { heard, log } = await startHearing({ emulator });
  emulator.dm().say('hello');
  await emulator.until(() => heard.length === 1);
  expect(log.events()).toEqual([]);
});

test.each(['none', 'empty'] as const)(
  'a gateway that greets with %s after a lost connection',
  async (how) => {
    const { emulator, heard, isReady } = await startHearing({ limits: { silentMs: 60_000 } });
    emulator.gateway.hello(how);
    emulator.gateway.drop();
    await emulator.until(() => !isReady());
    await new Promise((resolve) => setTimeout(resolve, 700));
    emulator.gateway.hello('whole');
    await emulator.until(isReady);
    emulator.dm().say('hello');
    await emulator.until(() => heard.length === 1);
  },
);

describe('an address for resuming', () => {
  test('that is dead is left for a new session, in which what was missed is looked up', async () => {
    const listening = await startHearing({ notes: createNotes() });
    const { emulator, heard, log, readiness, isReady, waitsMs } = listening;
    const dm = emulator.dm();
    dm.say('before');
    await emulator.until(() => heard.length === 1);
    emulator.gateway.refuse(503, '/resume');
    emulator.gateway.drop();
    dm.say('missed');
    await emulator.until(() => heard.length === 2, 15_000);
    expect(texts(heard)).toEqual(['before', 'missed']);
    expect(waitsMs.filter((ms) => [1_000, 4_000, 8_000].includes(ms))).toEqual([1_000, 4_000, 8_000, 1_000]);
    await emulator.until(isReady);
    expect(emulator.gateway.connections.map(({ path }) => path)).toEqual(['/', '/']);
    expect(log.events().slice(0, 3)).toEqual(episode);
    expect(readiness.slice(0, 2)).toEqual(['ready', 'the connection has ended']);
  });

  test('whose server is away is left as well', async () => {
    const { emulator, isReady } = await startHearing();
    emulator.gateway.refuse('reset', '/resume');
    emulator.gateway.drop();
    await emulator.until(() => !isReady());
    await emulator.until(isReady);
    expect(emulator.gateway.connections.map(({ path }) => path)).toEqual(['/', '/']);
  });
});

test('heartbeats that are not answered are noticed', async () => {
  const emulator = await startEmulator({ gateway: { heartbeatIntervalMs: 100 } });
  const { heard, readiness, isReady } = await startHearing({ emulator });
  emulator.gateway.acknowledge(false);
  await emulator.until(() => !isReady());
  emulator.gateway.acknowledge(true);
  await emulator.until(isReady);
  expect(readiness.slice(0, 3)).toEqual(['ready', 'the connection has ended', 'ready']);
  emulator.dm().say('hello');
  await emulator.until(() => heard.length === 1);
});

test('a gateway that is away for a minute is told of once, and found again with all that was written', async () => {
  const clock = fastClock();
  const emulator = await startEmulator({ now: clock.now });
  const listening = await startHearing({ emulator, clock, notes: createNotes(clock.now) });
  const { heard, log, isReady } = listening;
  const dm = emulator.dm();
  dm.say('before');
  await emulator.until(() => heard.length === 1);
  emulator.gateway.refuse('reset');
  emulator.fault({ kind: 'page', status: 502, route: '/gateway/bot' }, 4);
  emulator.gateway.drop();
  dm.say('meanwhile');
  await emulator.until(() => log.events().length === 2, 10_000);
  expect(isReady()).toBe(false);
  emulator.gateway.refuse(undefined);
  await emulator.until(isReady, 10_000);
  await emulator.until(() => heard.length === 2);
  dm.say('after');
  await emulator.until(() => heard.length === 3);
  expect(texts(heard)).toEqual(['before', 'meanwhile', 'after']);
  expect(log.events().slice(0, 3)).toEqual(episode);
  expect(log.events().slice(3)).toEqual(['info: messages that were written meanwhile have been looked up']);
});

test('a client that was told it sends too much stays silent for a minute', async () => {
  const clock = fastClock();
  const emulator = await startEmulator({ now: clock.now, gateway: { identifyIntervalMs: 5_000 } });
  const { isReady } = await startHearing({ emulator, clock });
  const at = clock.now();
  emulator.gateway.close(4008);
  await emulator.until(() => !isReady());
  await emulator.until(isReady);
  const last = emulator.gateway.connections.at(-1);
  expect(last?.received.map(({ op }) => op)).toContain(2);
  expect(clock.now() - at).toBeGreaterThanOrEqual(60_000);
});

test('sessions that end again and again are begun less and less often', async () => {
  const clock = fastClock(20);
  const emulator = await startEmulator({ now: clock.now, gateway: { identifyIntervalMs: 5_000 } });
  const { isReady, readiness } = await startHearing({ emulator, clock });
  const begin = clock.now();
  while (clock.now() < begin + 100_000) {
    if (isReady()) emulator.gateway.invalidate();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const identifies = emulator.gateway.connections.flatMap(({ received }) =>
    received.filter(({ op }) => op === 2),
  );
  expect(readiness).toContain('too many sessions have been begun');
  expect(identifies.length).toBeGreaterThan(3);
  expect(identifies.length).toBeLessThan(9);
});

test('readiness is told of at the beginning too', async () => {
  const emulator = await startEmulator();
  emulator.fault({ kind: 'refuse', status: 503, route: '/gateway/bot' }, 2);
  const { readiness, isReady } = await startListening({ emulator });
  await emulator.until(isReady);
  expect(readiness).toEqual([
    expect.stringMatching(/503|Service/),
    expect.stringMatching(/503|Service/),
    'ready',
  ]);
});
