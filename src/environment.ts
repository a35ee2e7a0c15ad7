import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { type Environment, withoutBlanks } from './variables.ts';

/** The process's variables, over those of `.env.local`, over those of `.env`: there, one set to nothing hides none. */
export function readEnvironment(folder: string, variables: Environment): Environment {
  const files = ['.env', '.env.local'].map((name) => withoutBlanks(readFile(join(folder, name))));
  return withoutBlanks(Object.assign({}, ...files, variables));
}

function readFile(path: string): Environment {
  try {
    // Some editors put a mark of their own before the first line.
    return parseEnv(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'ENOENT') return {};
    throw new Error(`${path} cannot be read (${code}): make it a file that this user may read, or remove it`);
  }
}
