import { tokensIn } from './answers.ts';
import type { Evidence, ScreenEvidence } from './evidence.ts';
import type { Strike } from './journal.ts';
import type { Finding } from './verdict.ts';

/** How long after a strike something that it held up went on: nothing if it never did. */
export interface Recovery {
  readonly strike: Strike;
  readonly token: string;
  readonly tookMs: number | undefined;
}

/**
 * From each strike to the next thing that a reader sees, or could see, of each turn that was in hand: a message, an
 * edit or a draft. In hand of a killed or frozen process is what it was the last to call Coze for; of Redis, or of a
 * service's sockets, everything that was asked and not yet whole.
 */
export function recoveriesOfTurns(evidence: Evidence, findings: readonly Finding[]): Recovery[] {
  const writes = writesByToken(evidence.screens);
  return evidence.strikes.flatMap((strike) =>
    findings
      .filter((finding) => isInHand(strike, finding, evidence))
      .map(({ question: { token } }) => {
        const next = writes.get(token)?.find((at) => at > strike.at);
        return { strike, token, tookMs: next && next - strike.at };
      }),
  );
}

/**
 * From each kill of a process that hears, to Coze being asked what was written before another one heard: of each
 * conversation the first message, if nothing in it was still to be answered.
 */
export function recoveriesOfHearing(evidence: Evidence, findings: readonly Finding[]): Recovery[] {
  const deaf = evidence.strikes.filter(({ blow }) => blow === 'gateway' || blow === 'process');
  return deaf.flatMap((strike) => {
    const back = evidence.readies.find(({ at, name }) => name === strike.victim && at > strike.at)?.at;
    if (back === undefined) return [];
    const missed = findings.filter(({ question: { at } }) => at >= strike.at && at < back);
    return missed
      .filter((finding) => !findings.some((other) => isBefore(other, finding) && !isOver(other, strike.at)))
      .map(({ question: { token }, asks: [first] }) => ({
        strike,
        token,
        tookMs: first && Math.max(first.at - strike.at, 0),
      }));
  });
}

function isInHand({ at, blow, victim }: Strike, finding: Finding, { touches }: Evidence): boolean {
  const { token } = finding.question;
  if (!finding.asks.some((ask) => ask.at <= at) || isOver(finding, at)) return false;
  if (blow === 'redis' || blow === 'sockets') return true;
  return touches.findLast((touch) => touch.token === token && touch.at <= at)?.process === victim;
}

/** Its answer was whole by then. */
function isOver({ answer }: Finding, at: number): boolean {
  const wholeAt = Math.max(...answer.map(({ writes }) => writes.at(-1)?.at ?? 0));
  return answer.length > 0 && wholeAt <= at;
}

const isBefore = (one: Finding, other: Finding): boolean =>
  one.question.conversation === other.question.conversation && one.question.at < other.question.at;

function writesByToken(screens: readonly ScreenEvidence[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const { shown, drafts } of screens) {
    for (const { at, text } of [...shown.flatMap(({ writes }) => writes), ...drafts])
      for (const token of tokensIn(text)) found.set(token, [...(found.get(token) ?? []), at]);
  }
  for (const times of found.values()) times.sort((one, other) => one - other);
  return found;
}
