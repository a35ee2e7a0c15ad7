import { beforeEach, describe, expect, test } from 'vitest';
import { CozeFailed } from '../../src/core/errors.ts';
import { createGate, type Gate } from '../../src/core/gate.ts';
import { createIntake } from '../../src/core/intake.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const never = () => new AbortController().signal;

let clock = createFakeClock();
let warnings = 0;
const warn = () => {
  warnings += 1;
};
const openGate = (): Gate => createGate({ clock, log: { warn } });

beforeEach(() => {
  clock = createFakeClock();
  warnings = 0;
});

interface Server {
  readonly refused: number;
  readonly taken: readonly { readonly name: number; readonly at: number }[];
  ask(name: number, taken: () => void): Promise<void>;
}

/** Takes so many in any second, and says so after a while; an answer takes longer. */
function serve(perSecond: number, more: { retryAfterMs?: number } = {}): Server {
  const asked: Server['taken'][number][] = [];
  let refused = 0;
  const startedAt = clock.now();
  return {
    get refused() {
      return refused;
    },
    taken: asked,
    async ask(name, taken) {
      await clock.sleep(30);
      const now = clock.now() - startedAt;
      if (asked.filter(({ at }) => at > now - 1_000).length >= perSecond) {
        refused += 1;
        await clock.sleep(30);
        throw new CozeFailed({ kind: 'busy', retryable: true, isLimit: true, ...more });
      }
      asked.push({ name, at: now });
      await clock.sleep(200);
      taken();
      await clock.sleep(3_000);
    },
  };
}

const names = (count: number) => Array.from({ length: count }, (_, name) => name);

async function pass(count: number, server: Server, gates = [openGate()]) {
  const failures: unknown[] = [];
  for (const name of names(count)) {
    const gate = gates[name % gates.length] ?? openGate();
    gate.pass((taken) => server.ask(name, taken), never()).catch((error) => failures.push(error));
  }
  return failures;
}

describe('two hundred questions at once', () => {
  test('are taken as fast as the limit lets, few of them refused, nearly in their order', async () => {
    const server = serve(20);
    const failures = await pass(200, server);
    await clock.advance(11_000);
    expect(server.taken).toHaveLength(200);
    expect(server.refused).toBeLessThan(25);
    expect(failures).toEqual([]);
    const late = server.taken.filter(({ name }, at) => Math.abs(name - at) > 15);
    expect(late).toEqual([]);
    expect(warnings).toBe(1);
  });

  test('do not wait where there is no such limit', async () => {
    const server = serve(1_000);
    await pass(200, server);
    await clock.advance(1_000);
    expect(server.taken).toHaveLength(200);
  });

  test('are taken as fast from several processes', async () => {
    const server = serve(20);
    const failures = await pass(200, server, [openGate(), openGate(), openGate()]);
    await clock.advance(14_000);
    expect(server.taken).toHaveLength(200);
    expect(server.refused).toBeLessThan(60);
    expect(failures).toEqual([]);
  });
});

test('what was learned of the limit serves for the next burst, until a minute has passed', async () => {
  const server = serve(20);
  const gates = [openGate()];
  const refusedOf = async (count: number) => {
    const before = server.refused;
    await pass(count, server, gates);
    await clock.advance(15_000);
    return server.refused - before;
  };
  expect(await refusedOf(100)).toBeGreaterThan(9);
  expect(await refusedOf(100)).toBeLessThan(5);
  await clock.advance(60_000);
  expect(await refusedOf(100)).toBeGreaterThan(9);
});

test('questions that nobody answers hold up the others for a second', async () => {
  const gate = openGate();
  let asked = 0;
  for (const _ of names(20)) {
    void gate.pass(() => {
      asked += 1;
      return clock.sleep(60_000);
    }, never());
  }
  await clock.advance(999);
  expect(asked).toBe(10);
  await clock.advance(1);
  expect(asked).toBe(20);
});

test('a silence that is asked for is kept', async () => {
  const server = serve(1, { retryAfterMs: 10_000 });
  await pass(3, server);
  await clock.advance(10_000);
  expect([server.taken.length, server.refused]).toEqual([1, 2]);
  await clock.advance(150);
  expect(server.taken).toHaveLength(2);
});

test('after a minute in which nobody’s question was taken all fail, and they have not all been tried', async () => {
  const server = serve(0);
  const failures = await pass(200, server);
  await clock.advance(59_000);
  expect(failures).toEqual([]);
  await clock.advance(3_000);
  expect(failures).toHaveLength(200);
  expect(server.refused).toBeLessThan(90);
});

test('a question that is always refused is so alone: the others are taken, and it fails', async () => {
  const gate = openGate();
  const failed: number[] = [];
  let taken = 0;
  async function ask(name: number, isTaken: () => void): Promise<void> {
    await clock.sleep(50);
    if (name === 0) throw new CozeFailed({ kind: 'busy', retryable: true, isLimit: true });
    taken += 1;
    isTaken();
  }
  for (const name of names(150)) {
    gate.pass((isTaken) => ask(name, isTaken), never()).catch(() => failed.push(name));
    await clock.advance(200);
  }
  await clock.advance(30_000);
  expect(failed).toEqual([0]);
  expect(taken).toBe(149);
});

test('a clock that is set back holds nobody up', () => {
  const intake = createIntake();
  const hourMs = 3_600_000;
  intake.refused(intake.sent(2 * hourMs), 2 * hourMs, 30_000);
  expect(intake.waitMs(2 * hourMs + 10)).toBeGreaterThan(20_000);
  expect(intake.waitMs(hourMs)).toBe(0);
});

test('who leaves the line is not asked for', async () => {
  const gate = openGate();
  const server = serve(20);
  const leaving = new AbortController();
  for (const name of names(60)) void gate.pass((taken) => server.ask(name, taken), never());
  const left = gate.pass((taken) => server.ask(60, taken), leaving.signal).catch((error) => error);
  await clock.advance(500);
  leaving.abort('stopped');
  expect(await left).toBe('stopped');
  await clock.advance(10_000);
  expect(server.taken).toHaveLength(60);
});

test('every other failure is that of the question alone', async () => {
  const failure = new CozeFailed({ kind: 'busy', retryable: true });
  await expect(openGate().pass(() => Promise.reject(failure), never())).rejects.toBe(failure);
  expect(warnings).toBe(0);
});
