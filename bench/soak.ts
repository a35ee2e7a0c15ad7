import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { redisServer } from '../test/redis/server.ts';
import { markdownTable } from './chaos/report.ts';
import { type Leftover, leftovers } from './soak/kept.ts';
import { type Ledger, openLedger } from './soak/ledger.ts';
import { courseOf, type Series, startSampling } from './soak/samples.ts';
import { type HomeName, type Stage, setStage } from './soak/stage.ts';

/**
 * Whether a bridge that works for long stays as it is: `npm run soak -- [--minutes 20] [--rate 50] [--people 2000]
 * [--home redis|embedded|both]`, on Linux. So many turns a second through a test platform without limits, with Telegram
 * and Discord beside it at 80 % of theirs. Status 1 if a turn was not answered once, if memory was not flat within
 * 10 % after the first minute, or if the store holds more than it should.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '20' },
    rate: { type: 'string', default: '50' },
    people: { type: 'string', default: '2000' },
    home: { type: 'string', default: 'both' },
  },
});

/** From the last question to the last answer. */
const landMs = 120_000;
/** Until what ends in the background has ended. */
const settleMs = 10_000;

for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => process.exit(1));
const homes = values.home === 'both' ? (['redis', 'embedded'] as const) : [values.home as HomeName];
if (homes.includes('redis') && !redisServer.available) throw new Error('redis-server is not installed');
let isWell = true;
for (const home of homes) {
  const ledger = openLedger();
  const people = Number(values.people);
  const stage = await setStage({ home, perSecond: Number(values.rate), people, onTold: ledger.hear });
  console.error(`${home}: logs are in ${stage.folder}`);
  const series = await hold(stage, ledger);
  const counts = await stage.store.counts();
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each);
  const left = leftovers(home, counts, {
    messages: sum([ledger.asked, ...stage.crowds.map((crowd) => crowd.asked())]),
    conversations: sum([people, ...stage.crowds.map((crowd) => crowd.people)]),
  });
  console.log(`\n**${home}, ${values.minutes} minutes**\n`);
  isWell = [tellTurns(stage, ledger), tellCourses(series), tellLeft(left)].every(Boolean) && isWell;
  stage.store.close();
  const statuses = await stage.clear();
  if (statuses.some((status) => status !== 0)) console.error(`exit statuses: ${statuses}`);
}
// What the emulators still hold must not hold the process, but what was written must be out.
process.stdout.write('', () => process.exit(isWell ? 0 : 1));

/** All of the time, and until all is answered. */
async function hold(stage: Stage, ledger: Ledger): Promise<readonly Series[]> {
  const sampling = startSampling(stage.children, stage.store);
  const endsAt = Date.now() + Number(values.minutes) * 60_000;
  while (Date.now() < endsAt) {
    await sleep(Math.min(30_000, endsAt - Date.now()));
    const loads = stage.crowds.map((crowd) => `${crowd.name} ${crowd.callsPerSecond().toFixed(1)} calls/s`);
    console.error(`${ledger.answered} of ${ledger.asked} answered; ${loads.join(', ')}`);
  }
  const series = sampling.stop();
  stage.hush();
  const isOpen = () => ledger.open > 0 || stage.crowds.some((crowd) => crowd.unsettled().length > 0);
  for (const deadline = Date.now() + landMs; isOpen() && Date.now() < deadline; ) await sleep(500);
  await sleep(settleMs);
  return series;
}

function tellTurns({ crowds }: Stage, ledger: Ledger): boolean {
  const rows = [
    ['platform', 'turns', 'not answered once', 'per second', 'refused'],
    [
      'test platform',
      String(ledger.asked),
      String(ledger.open + ledger.wrong.length),
      `${ledger.perSecond().toFixed(1)} turns`,
      '',
    ],
    ...crowds.map((crowd) => [
      crowd.name,
      String(crowd.asked()),
      String(crowd.unsettled().length),
      `${crowd.callsPerSecond().toFixed(1)} calls (its limit: ${crowd.limitPerSecond})`,
      String(crowd.refused().length),
    ]),
  ];
  console.log(`${markdownTable(rows)}\n`);
  for (const line of crowds.flatMap((crowd) => crowd.refused().slice(0, 20)))
    console.error(`refused: ${line}`);
  for (const line of ledger.wrong.slice(0, 20)) console.error(line);
  for (const crowd of crowds)
    for (const name of crowd.unsettled().slice(0, 20)) console.error(`not answered once: ${name}`);
  return ledger.open + ledger.wrong.length === 0 && crowds.every((crowd) => crowd.unsettled().length === 0);
}

function tellCourses(series: readonly Series[]): boolean {
  const courses = series.map((one) => ({ ...one, ...courseOf(one) }));
  const rows = courses.map(({ name, unit, least, median, most, drift, isFlat }) => [
    `${name}, ${unit}`,
    ...[least, median, most].map((value) => value.toFixed(1)),
    ...(unit === 'MB' ? [`${(drift * 100).toFixed(1)} %`, isFlat ? 'yes' : 'no'] : ['', '']),
  ]);
  console.log(
    `${markdownTable([['after the first minute', 'least', 'median', 'most', 'drift', 'flat within 10 %'], ...rows])}\n`,
  );
  return courses.every(({ name, isFlat }) => isFlat || !name.endsWith('resident'));
}

function tellLeft(left: readonly Leftover[]): boolean {
  const rows = left.map(({ kind, count, most, until }) => [kind, String(count), String(most), until]);
  console.log(markdownTable([['in the store at the end', 'there', 'at most', 'kept until'], ...rows]));
  return left.every(({ count, most }) => count <= most);
}
