import { type Outcome, type Rush, runRush } from '../test/support/rush.ts';
import { rushVenues } from '../test/support/rush-venues.ts';
import { mean, quantile, table } from './figures.ts';

/**
 * How stale an answer is while it grows, and whether the platform has had enough of us: edits at a fixed interval beside
 * the shared budget, in virtual time, against the limits that the emulators know. `npm run bench:pacing [seed]`
 */
const seed = Number(process.argv[2] ?? 1);
const contenders = [500, 1_100, 3_100, undefined];
const counts = [1, 3, 10];
const lengths = [8, 30, 120];

interface Row extends Rush {
  readonly outcome: Outcome;
}

const nameOf = ({ fixedMs }: Rush) => (fixedMs ? `every ${fixedMs / 1_000} s` : 'ours');
const caseOf = ({ venue, answers, seconds }: Rush) => `${venue.name}, ${answers} of ${seconds} s`;
const inSeconds = (ms: number) => (ms / 1_000).toFixed(1);

const rows: Row[] = [];
for (const venue of Object.values(rushVenues))
  for (const answers of counts)
    for (const seconds of lengths)
      for (const fixedMs of contenders) {
        const rush = { venue, answers, seconds, seed, ...(fixedMs && { fixedMs }) };
        rows.push({ ...rush, outcome: await runRush(rush) });
      }

const heading = ['', '', 'stale s: mean', 'p95', 'first s', 'final s: mean', 'worst', '429s', 'calls'];
const cells = rows.map((row) => {
  const { stalenessMs, finalMs, firstMs, refused, calls } = row.outcome;
  return [
    caseOf(row),
    nameOf(row),
    ...[mean(stalenessMs), quantile(stalenessMs, 0.95), Math.max(...firstMs)].map(inSeconds),
    ...[mean(finalMs), Math.max(...finalMs)].map(inSeconds),
    String(refused),
    String(calls),
  ];
});
console.log(
  `Answers at once in one place, ten words a second, some 80 ms a call. Who waits half an hour gives up.\n`,
);
console.log(table([heading, ...cells]));

const worst = <T>(of: (row: Row) => number, ...who: readonly T[]) => {
  const ours = rows.filter((row) => who.length === 0 || who.includes(row.fixedMs as T));
  return ours.reduce((one, other) => (of(other) > of(one) ? other : one));
};
console.log('\nThe worst cases of each:');
const verdict = contenders.map((fixedMs) => {
  const stalest = worst((row) => mean(row.outcome.stalenessMs), fixedMs);
  const latest = worst((row) => Math.max(...row.outcome.finalMs), fixedMs);
  const refused = rows
    .filter((row) => row.fixedMs === fixedMs)
    .reduce((sum, row) => sum + row.outcome.refused, 0);
  return [
    nameOf(stalest),
    `${inSeconds(mean(stalest.outcome.stalenessMs))} (${caseOf(stalest)})`,
    `${inSeconds(Math.max(...latest.outcome.finalMs))} (${caseOf(latest)})`,
    String(refused),
  ];
});
console.log(table([['', 'mean staleness s', 'final s', '429s in all'], ...verdict]));
