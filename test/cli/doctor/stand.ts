import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { type CozeEmulatorOptions, startCozeEmulator } from '../../../emulators/coze/index.ts';
import type { Finding } from '../../../src/cli/checks/check.ts';
import { createDoctorCommand, type Surroundings } from '../../../src/cli/doctor.ts';
import { systemClock } from '../../../src/clock.ts';
import { secretsIn } from '../../../src/variables.ts';
import { call } from '../shell.ts';

export const token = 'pat_TestTokenThatOpensNothing';
export const botId = '7300000000000000001';

/** What the doctor has found, by the names of the checks. */
interface Diagnosis {
  readonly status: number;
  readonly found: Readonly<Record<string, Finding>>;
}

type Examine = (env?: Record<string, string>, around?: Partial<Surroundings>) => Promise<Diagnosis>;

/** A Coze, and a bridge that is set up for it. */
export async function openClinic(options: CozeEmulatorOptions = {}) {
  const coze = await startCozeEmulator({ tokens: [token], pace: { everyMs: 0 }, ...options });
  const folder = mkdtempSync(join(tmpdir(), 'coze-bridge-doctor-'));
  onTestFinished(async () => {
    await coze.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const usual = {
    COZE_API_TOKEN: token,
    COZE_BOT_ID: botId,
    COZE_BASE_URL: coze.url,
    DATA_DIR: join(folder, 'data'),
    SERVER_PORT: 'off',
  };

  async function run(line: string, env: Record<string, string> = {}, around: Partial<Surroundings> = {}) {
    const surroundings = {
      clock: systemClock,
      nodeVersion: '20.19.0',
      otherRegion: () => undefined,
      ...around,
    };
    const all = { ...usual, ...env };
    const outcome = await call({ doctor: createDoctorCommand(surroundings) }, `doctor ${line}`, all);
    // Whatever it is about, no secret is ever seen.
    for (const secret of secretsIn(all)) expect(outcome.out + outcome.err).not.toContain(secret);
    return outcome;
  }

  const examine: Examine = async (env, around) => {
    const { status, out } = await run('--json', env, around);
    const findings = out.split('\n').map((line) => JSON.parse(line) as Finding & { readonly name: string });
    return { status, found: Object.fromEntries(findings.map(({ name, ...finding }) => [name, finding])) };
  };
  return { coze, folder, run, examine };
}

export const states = ({ found }: Diagnosis) =>
  Object.fromEntries(Object.entries(found).map(([name, { state }]) => [name, state]));
