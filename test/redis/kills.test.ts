import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDesk, until } from '../contracts/desk.ts';
import { type MailChild, type Report, startChild } from '../contracts/mail-child.ts';
import { sampleMessage } from '../contracts/samples.ts';
import { type RedisServer, redisServer, startRedisServer } from './server.ts';
import { createRedisStore } from './store.ts';

const seed = 20_260_101;
const keys = Array.from({ length: 20 }, (_, key) => `k${key}`);
const messagesOfEach = 15;
const kills = 4;
/** How many conversations a child works on at once: `obey`. */
const inHandAtMost = 8;

describe.skipIf(!redisServer.available)('two worker processes on one Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedisServer();
  });
  afterAll(() => server?.remove());

  test('share the work', async () => {
    const store = createRedisStore(server.url);
    const children = [startChild(store), startChild(store)];
    const home = await store.open();
    for (const child of children) await child.report((report) => report.type === 'ready');
    for (let number = 1; number <= 2 * inHandAtMost; number += 1) {
      await home.mailbox.put(`k${number}`, sampleMessage(`m${number}`));
    }
    await until(() => children.every((child) => takesOf(child).length === inHandAtMost));
    const all = children.flatMap((child) => takesOf(child).map((take) => take.id));
    expect(new Set(all).size).toBe(2 * inHandAtMost);
    await Promise.all(children.map((child) => child.kill()));
    await home.close();
  });

  test('lose nothing, mix nothing up and repeat only what was in hand, however often one is killed', async () => {
    const random = seeded(seed);
    const store = createRedisStore(server.url);
    const finished = new Map<string, string[]>(keys.map((key) => [key, []]));
    const answer = async (report: Report, child: MailChild) => {
      if (report.type !== 'take') return;
      await sleep(10 + random() * 60);
      if (!alive.has(child)) return;
      finished.get(report.key)?.push(report.id);
      child.order({ do: 'finish', id: report.id });
    };
    const alive = new Set<MailChild>();
    const start = () => {
      const child = startChild(store, answer);
      alive.add(child);
    };
    start();
    start();
    const home = await store.open();
    const ids = (key: string) => Array.from({ length: messagesOfEach }, (_, number) => `${key}/${number}`);
    for (let number = 0; number < messagesOfEach; number += 1) {
      await Promise.all(keys.map((key) => home.mailbox.put(key, sampleMessage(`${key}/${number}`))));
    }
    const total = () => [...finished.values()].reduce((sum, line) => sum + new Set(line).size, 0);
    for (let kill = 1; kill <= kills; kill += 1) {
      const share = (kill / (kills + 1)) * keys.length * messagesOfEach;
      await until(() => total() >= share);
      const victim = [...alive][Math.floor(random() * alive.size)] as MailChild;
      alive.delete(victim);
      await victim.kill();
      start();
    }
    await until(() => total() === keys.length * messagesOfEach);
    await sleep(200); // What is told to finish at the very end has the time to reach the store.
    await Promise.all([...alive].map((child) => child.kill()));
    let repeated = 0;
    for (const key of keys) {
      const line = finished.get(key) ?? [];
      expect(line.filter((id, index) => id !== line[index - 1])).toEqual(ids(key));
      repeated += line.length - messagesOfEach;
    }
    expect(repeated).toBeLessThanOrEqual(kills * inHandAtMost);
    expect(await home.mailbox.deadLetters()).toEqual([]);
    await home.close();
  });

  test('pieces stay one question and a replayed letter comes back once, however often one is killed', async () => {
    const random = seeded(seed + 1);
    const store = createRedisStore(server.url);
    const home = await store.open({ retryDelaysMs: [1] });
    const lines = keys.slice(0, 8);
    const burying = openDesk(home.mailbox, { answer: () => Promise.reject(new Error('no')) });
    for (const key of lines) await home.mailbox.put(key, sampleMessage(`${key}/dead`));
    await until(() => burying.givenUp.length === lines.length);
    await burying.stop();
    const letters = await home.mailbox.deadLetters();

    const finished = new Map<string, string[]>(lines.map((key) => [key, []]));
    const pieces = new Map<string, Set<number>>();
    const late = new Set<string>();
    const alive = new Set<MailChild>();
    const answer = async (report: Report, child: MailChild) => {
      if (report.type !== 'take') return;
      await sleep(10 + random() * 60);
      if (!alive.has(child)) return;
      finished.get(report.key)?.push(report.id);
      pieces.set(report.id, (pieces.get(report.id) ?? new Set()).add(report.pieces));
      child.order({ do: 'finish', id: report.id });
    };
    const start = () => void alive.add(startChild(store, answer));
    start();
    start();
    const rounds = 8;
    for (let round = 0; round < rounds; round += 1) {
      await Promise.all(
        lines.map(async (key) => {
          const cut = { ...sampleMessage(`${key}/${round}`), isCut: true, openUntil: Date.now() + 1_500 };
          await home.mailbox.put(key, cut);
          await sleep(random() * 100);
          // On a machine that is busy with something else for longer than it is waited for, it comes too late.
          const rest = sampleMessage(`${key}/${round}/rest`);
          if ((await home.mailbox.put(key, rest)) === 'stored') late.add(rest.id);
        }),
      );
      const letter = letters[round];
      if (letter) expect(await home.mailbox.replay(letter.id)).toBe(true);
      if (round % 2 === 0) continue;
      const victim = [...alive][Math.floor(random() * alive.size)] as MailChild;
      alive.delete(victim);
      await victim.kill();
      start();
    }
    const total = () => [...finished.values()].reduce((sum, line) => sum + new Set(line).size, 0);
    await until(() => total() === lines.length * (rounds + 1) + late.size);
    expect(late.size).toBeLessThan((lines.length * rounds) / 2);
    await until(async () => (await home.mailbox.keys()).length === 0);
    await Promise.all([...alive].map((child) => child.kill()));
    for (const key of lines) {
      const line = (finished.get(key) ?? []).filter((id, at, all) => id !== all[at - 1]);
      const expected = Array.from({ length: rounds }, (_, round) => `${key}/${round}`);
      // Its letter came back behind the question of that round.
      expected.splice(letters.findIndex((letter) => letter.key === key) + 1, 0, `${key}/dead`);
      expect(line.filter((id) => !late.has(id))).toEqual(expected);
      const alone = (id: string) => id.endsWith('dead') || late.has(id) || late.has(`${id}/rest`);
      for (const id of line) expect(pieces.get(id)).toEqual(new Set([alone(id) ? 1 : 2]));
    }
    expect(await home.mailbox.deadLetters()).toEqual([]);
    await home.close();
  });
});

const takesOf = (child: MailChild) => child.reports.filter((report) => report.type === 'take');

/** The same kills at every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
