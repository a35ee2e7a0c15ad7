import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What Node is told to run a script of that bridge as `npm start` runs it. */
export function commandFor(bridge: string, script: string): string[] {
  const { scripts } = JSON.parse(readFileSync(join(bridge, 'package.json'), 'utf8'));
  const options = String(scripts.start)
    .split(' ')
    .filter((word) => word.startsWith('--') && word !== '--import');
  const tsx = createRequire(join(bridge, 'package.json')).resolve('tsx');
  return [...options, '--import', tsx, join(bridge, script)];
}
