import { ConfigError } from '../../config.ts';

/** One thing that must be right for the bridge to work. */
export interface Check {
  readonly name: string;
  /** The checks without which it is not worth making. */
  readonly needs?: readonly string[];
  run(): Promise<Finding> | Finding;
}

export interface Finding {
  /** `odd`: it works, but perhaps not as it is meant. `skipped`: nobody knows. */
  readonly state: 'ok' | 'odd' | 'failed' | 'skipped';
  readonly words: string;
  /** What to do about it. */
  readonly advice?: string | undefined;
}

export const ok = (words: string): Finding => ({ state: 'ok', words });
export const odd = (words: string, advice?: string): Finding => ({ state: 'odd', words, advice });
export const failed = (words: string, advice?: string): Finding => ({ state: 'failed', words, advice });
export const skipped = (words: string): Finding => ({ state: 'skipped', words });

/** By words of a platform that first say what is wrong, and after a colon what to do. */
export function failedAs(told: string): Finding {
  const colon = told.indexOf(': ');
  return failed(told.slice(0, colon), told.slice(colon + 2));
}

/** Makes the check, unless one that it needs did not go well. Whatever happens is a finding. */
export async function examine(check: Check, before: ReadonlyMap<string, Finding>): Promise<Finding> {
  const missing = check.needs?.find((name) =>
    ['failed', 'skipped'].includes(before.get(name)?.state ?? 'skipped'),
  );
  if (missing !== undefined) {
    const state = before.get(missing)?.state ?? 'skipped';
    return skipped(`not made, as "${missing}" ${state === 'failed' ? 'has failed' : 'was skipped'}`);
  }
  try {
    return await check.run();
  } catch (error) {
    if (error instanceof ConfigError)
      return skipped(`not made, as these settings are wrong: ${error.mistakes.join('; ')}`);
    return failed(error instanceof Error ? error.message : String(error));
  }
}
