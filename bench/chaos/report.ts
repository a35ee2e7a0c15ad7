import { quantile } from '../figures.ts';
import { isOpening } from './answers.ts';
import type { Evidence } from './evidence.ts';
import type { Blow } from './journal.ts';
import { type Recovery, recoveriesOfHearing, recoveriesOfTurns } from './recovery.ts';
import type { Outcome } from './run.ts';
import type { HomeName } from './stage.ts';
import type { Verdict } from './verdict.ts';

export const heading = [
  ...['home', 'messages', 'chats', 'answered whole', 'lost', 'asked twice', 'shown twice', 'out of order'],
  ...['kills', 'in hand: recovery, s', 'worst', 'unheard: until asked, s', 'worst', 'minutes'],
];

export function row(home: HomeName, { evidence, tookMs }: Outcome, verdict: Verdict): string[] {
  const { findings, lost, askedTwice, shownTwice, stray, outOfOrder } = verdict;
  const turns = recoveriesOfTurns(evidence, findings).filter(({ strike }) =>
    ['worker', 'process'].includes(strike.blow),
  );
  const counted = findings.filter(({ question }) => !isOpening(question.token));
  const whole = counted.filter(({ answer }) => answer.length > 0);
  const counts = [
    ...[counted.length, evidence.screens.length, whole.length, lost.length],
    ...[askedTwice.length, shownTwice.length + stray.length, outOfOrder.length],
  ];
  return [
    home,
    ...counts.map(String),
    strikesOf(evidence),
    ...seconds(turns),
    ...seconds(recoveriesOfHearing(evidence, findings)),
    (tookMs / 60_000).toFixed(1),
  ];
}

function strikesOf({ strikes }: Evidence): string {
  const counts = new Map<Blow, number>();
  for (const { blow } of strikes) counts.set(blow, (counts.get(blow) ?? 0) + 1);
  return [...counts].map(([blow, count]) => `${blow} ${count}`).join(', ');
}

/** At the median, and at worst. */
function seconds(recoveries: readonly Recovery[]): string[] {
  const all = recoveries.map(({ tookMs = Number.POSITIVE_INFINITY }) => tookMs / 1_000);
  if (all.length === 0) return ['', ''];
  return [quantile(all, 0.5), Math.max(...all)].map((value) => (value < 1_000 ? value.toFixed(1) : 'never'));
}

/** How each kind of strike was got over, for whoever wants to know more. */
export function recoveryRows({ evidence }: Outcome, { findings }: Verdict): string[][] {
  const turns = recoveriesOfTurns(evidence, findings);
  const blows = [...new Set(turns.map(({ strike: { blow, victim } }) => nameOf(blow, victim)))];
  return [
    ['struck', 'turns in hand', 'went on after, s', 'worst'],
    ...blows.sort().map((name) => {
      const own = turns.filter(({ strike: { blow, victim } }) => nameOf(blow, victim) === name);
      return [name, String(own.length), ...seconds(own)];
    }),
  ];
}

const nameOf = (blow: Blow, victim: string) => (blow === 'sockets' ? `sockets of ${victim}` : blow);

/** As a README has it. */
export function markdownTable([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
