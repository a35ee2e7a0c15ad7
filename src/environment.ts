import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Environment } from './variables.ts';

/** The process's variables, over those of `.env.local`, over those of `.env`. */
export function readEnvironment(folder: string, variables: Environment): Environment {
  return { ...readFile(join(folder, '.env')), ...readFile(join(folder, '.env.local')), ...variables };
}

function readFile(path: string): Environment {
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
}
