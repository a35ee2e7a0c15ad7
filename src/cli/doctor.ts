import { parseArgs } from 'node:util';
import { systemClock } from '../clock.ts';
import type { Clock } from '../core/ports/world.ts';
import { readCredentials } from '../credentials.ts';
import { redact } from '../log.ts';
import { type Environment, secretsIn, withoutBlanks } from '../variables.ts';
import { examine, type Finding } from './checks/check.ts';
import { type Command, UsageError } from './command.ts';
import { onOneLine, toJson } from './line.ts';

const usage = `Usage: npm run -s bridge -- doctor [--json]

Looks whether the bridge could work with its settings, here and now, one line for each thing: this machine, the settings,
the proxies, the store, Coze, Discord, Telegram. It can be used while the bridge runs. The bot is asked one short question:
that and what is looked up before it are four calls of the account's, and it costs the tokens of one answer.

  ok       it is as it should be
  odd      it works, but perhaps not as you mean it
  FAILED   it does not work; the line says what to do
  skipped  it could not be found out

  --json   one object a line

Exit status: 0 nothing failed, 1 something did.`;

export interface Surroundings {
  readonly clock: Clock;
  readonly nodeVersion: string;
  /** Where else a token may be at home. */
  readonly otherRegion: (baseUrl: string) => string | undefined;
}

const regions = ['https://api.coze.cn', 'https://api.coze.com'];

const here: Surroundings = {
  clock: systemClock,
  nodeVersion: process.versions.node,
  otherRegion: (baseUrl) =>
    regions.includes(baseUrl) ? regions.find((region) => region !== baseUrl) : undefined,
};

export const doctor = createDoctorCommand(here);

/** `Surroundings` for a test. */
export function createDoctorCommand({ clock, nodeVersion, otherRegion }: Surroundings): Command {
  return {
    summary: 'finds out what does not work, and what to do about it',
    usage,
    async run(args, { environment, print }) {
      const json = read(args);
      const env = withoutBlanks(environment());
      const secrets = secretsOf(env);
      const { platforms } = await import('../../adapters/index.ts');
      const { allChecks } = await import('./checks/all.ts');
      const { subjectOf } = await import('./checks/subject.ts');
      const findings = new Map<string, Finding>();
      for (const check of allChecks(subjectOf({ env, platforms, clock, otherRegion }), nodeVersion)) {
        const finding = await examine(check, findings);
        findings.set(check.name, finding);
        const { name } = check;
        print(redact(json ? toJson({ name, ...finding }) : toLine(name, finding), secrets));
      }
      const count = [...findings.values()].filter(({ state }) => state === 'failed').length;
      if (!json) print(count === 0 ? 'nothing failed' : `${count} of ${findings.size} failed`);
      return count === 0 ? 0 : 1;
    },
  };
}

function read(args: readonly string[]): boolean {
  try {
    return parseArgs({ args: [...args], options: { json: { type: 'boolean', default: false } } }).values.json;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

const secretsOf = (env: Environment): string[] => [...secretsIn(env), ...readCredentials(env).secrets];

/** More is cut off, whatever somebody had to say. */
const longestWords = 2_000;

function toLine(name: string, { state, words, advice }: Finding): string {
  const mark = state === 'failed' ? 'FAILED' : state;
  const told =
    advice === undefined ? words : `${words}${/[.?!]$/.test(words) ? '' : '.'} What to do: ${advice}`;
  return `${mark.padEnd(8)} ${name.padEnd(17)} ${onOneLine(told, longestWords)}`;
}
