import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { redisServer } from '../test/redis/server.ts';
import { type Blow, blows } from './chaos/journal.ts';
import { writeOffenders } from './chaos/offenders.ts';
import { heading, markdownTable, recoveryRows, row } from './chaos/report.ts';
import { runChaos } from './chaos/run.ts';
import type { HomeName } from './chaos/stage.ts';
import { isClean, judge } from './chaos/verdict.ts';

/**
 * Whether anything is lost or said twice when everything dies: `npm run chaos -- [--messages 500] [--seed 1]
 * [--home redis|embedded|both] [--kinds worker,freeze,gateway,process,redis,sockets] [--bridge DIR] [--out DIR]`.
 * The real processes, and a real Redis (with `appendfsync always`, for else it forgets a second when it is killed),
 * between this process's emulators, with their limits. Status 1 if anything was; then the folder has what is known of it.
 */
const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    home: { type: 'string', default: 'both' },
    kinds: { type: 'string', default: blows.join() },
    rate: { type: 'string', default: '1.5' },
    chats: { type: 'string', default: '100' },
    bridge: { type: 'string', default: resolve(import.meta.dirname, '..') },
    patience: { type: 'string', default: '90' },
    out: { type: 'string' },
  },
});

for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    console.error(`ended by ${name}`);
    process.exit(1);
  });
}

const folder = values.out ?? (await mkdtemp(join(tmpdir(), 'coze-bridge-chaos-report-')));
const homes = values.home === 'both' ? (['redis', 'embedded'] as const) : [values.home as HomeName];
if (homes.includes('redis') && !redisServer.available) throw new Error('redis-server is not installed');
const rows = [heading];
let clean = true;
for (const home of homes) {
  let told = 0;
  const outcome = await runChaos({
    home,
    messages: Number(values.messages),
    seed: Number(values.seed),
    privateChats: Number(values.chats),
    perSecond: Number(values.rate),
    kinds: new Set(values.kinds.split(',') as Blow[]),
    bridge: resolve(values.bridge),
    patienceMs: Number(values.patience) * 1_000,
    folder: join(folder, home),
    onProgress(whole, said) {
      if (Date.now() < told + 10_000) return;
      told = Date.now();
      console.error(`${home}: ${whole} of ${said} answered`);
    },
  });
  const verdict = judge(outcome.evidence);
  const wrong = await writeOffenders(join(folder, home), outcome.evidence, verdict);
  for (const line of wrong) console.error(line);
  for (const { name, how } of outcome.evidence.ends)
    console.error(`${home}: ${name} ended by itself: ${how}`);
  console.error(`\n${markdownTable(recoveryRows(outcome, verdict))}\n`);
  rows.push(row(home, outcome, verdict));
  clean &&= isClean(verdict);
}
console.log(markdownTable(rows));
if (!clean) console.error(`\nWhat is known of it is in ${folder}`);
// A poll that nobody waits for any more must not hold the process, but what was written must be out.
process.stdout.write('', () => process.exit(clean ? 0 : 1));
