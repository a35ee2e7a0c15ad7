import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { blows } from '../bench/chaos/journal.ts';
import { writeOffenders } from '../bench/chaos/offenders.ts';
import { runChaos } from '../bench/chaos/run.ts';
import { judge } from '../bench/chaos/verdict.ts';
import { redisServer } from './redis/server.ts';

const homes = [{ home: 'embedded' as const }, ...(redisServer.available ? [{ home: 'redis' as const }] : [])];

describe.each(homes)('whatever dies, on $home', ({ home }) => {
  test('every message is answered once, whole and in order', { timeout: 300_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'coze-bridge-chaos-report-'));
    // As `npm run chaos`, which is the long one.
    const { evidence } = await runChaos({
      home,
      messages: 40,
      seed: 20_261_128,
      privateChats: 20,
      perSecond: 3,
      kinds: new Set(blows),
      times: { workerEvery: 3_000, redisEvery: [6_000, 9_000], socketsEvery: [2_000, 4_000] },
      strikeForMs: 16_000,
      // A machine with other tests on it is slow; when all is answered, it is over.
      patienceMs: 150_000,
      bridge: resolve(import.meta.dirname, '..'),
      folder,
    });
    const verdict = judge(evidence);
    const wrong = await writeOffenders(folder, evidence, verdict);
    expect(wrong, `what is known of it is in ${folder}`).toEqual([]);
    expect(evidence.strikes.length).toBeGreaterThan(5);
    await rm(folder, { recursive: true });
  });
});
