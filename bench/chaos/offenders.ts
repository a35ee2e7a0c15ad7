import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Evidence } from './evidence.ts';
import type { Shown } from './places.ts';
import type { Finding, Verdict } from './verdict.ts';

/** How long before and after a turn the log may tell of it. */
const aroundMs = 2_000;
const unansweredForMs = 30_000;

/** Writes down about each question with which something is wrong all that is known; returns what is wrong, in lines. */
export async function writeOffenders(
  folder: string,
  evidence: Evidence,
  verdict: Verdict,
): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'evidence.json'), JSON.stringify(evidence, undefined, 1));
  const log = (await readFile(join(folder, 'log.txt'), 'utf8')).split('\n');
  const wrong = verdict.findings.filter((finding) => wrongWith(finding).length > 0);
  for (const finding of wrong)
    await writeFile(join(folder, `${finding.question.token}.txt`), describe(finding, evidence, log));
  return [
    ...wrong.map(
      (finding) =>
        `${finding.question.token} in ${finding.question.conversation}: ${wrongWith(finding).join(', ')}`,
    ),
    ...verdict.stray.map(({ screen, id, text }) => `stray message ${id} in ${screen}: ${text.slice(0, 200)}`),
  ];
}

function wrongWith({ answer, asks, surplus, isOutOfOrder }: Finding): string[] {
  return [
    ...(answer.length === 0 ? ['lost'] : []),
    ...(asks.length > 1
      ? [`asked ${asks.length} times (${asks.map(({ status }) => status).join(', ')})`]
      : []),
    ...(surplus.length > 0 ? [`${surplus.length} messages too many`] : []),
    ...(isOutOfOrder ? ['out of order'] : []),
  ];
}

function describe(finding: Finding, evidence: Evidence, log: readonly string[]): string {
  const { question, asks } = finding;
  const screen = evidence.screens.find(({ name }) => name === question.screen);
  const own = (screen?.shown ?? []).filter(
    (message) =>
      finding.surplus.includes(message) || message.writes.some(({ text }) => text.includes(question.token)),
  );
  const times = [...own.flatMap(({ writes }) => writes.map(({ at }) => at)), ...asks.map(({ at }) => at)];
  const since = question.at - aroundMs;
  const touched = evidence.touches.filter(({ token }) => token === question.token);
  const until = Math.max(question.at + unansweredForMs, ...times, ...touched.map(({ at }) => at)) + aroundMs;
  const isNear = ({ at }: { readonly at: number }) => at >= since && at <= until;
  return [
    `${question.token} on ${question.screen} (${question.conversation}): ${wrongWith(finding).join(', ')}`,
    `said at ${clock(question.at)}; its answer is to be:\n${question.answer}`,
    '\nCoze:',
    ...asks.map(({ at, chatId, status }) => `${clock(at)} chat ${chatId} begins, and is ${status}`),
    ...touched.map(({ at, process }) => `${clock(at)} called by ${process}`),
    '\nOn the screen:',
    ...own.flatMap((message) => describeMessage(message, finding.surplus.includes(message))),
    '\nCalls there:',
    ...(screen?.calls ?? []).filter(isNear).map(({ at, what }) => `${clock(at)} ${what}`),
    '\nStrikes:',
    ...evidence.strikes.filter(isNear).map(({ at, blow, victim }) => `${clock(at)} ${blow} ${victim}`),
    '\nLog:',
    ...log.filter((line) => line.slice(0, 12) >= clock(since) && line.slice(0, 12) <= clock(until)),
  ].join('\n');
}

function describeMessage({ id, text, isDeleted, writes }: Shown, isSurplus: boolean): string[] {
  return [
    `message ${id}${isSurplus ? ', too many' : ''}${isDeleted ? ', deleted' : ''}: ${text}`,
    ...writes.map(({ at, text: written }) => `  ${clock(at)} ${written.length} characters`),
  ];
}

const clock = (at: number): string => new Date(at).toISOString().slice(11, 23);
