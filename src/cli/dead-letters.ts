import { parseArgs } from 'node:util';
import { systemClock as clock } from '../clock.ts';
import { readStoreConfig } from '../config.ts';
import type { DeadLetters } from '../core/ports/store.ts';
import { createLog } from '../log.ts';
import { type Command, type Shell, UsageError } from './command.ts';
import { toLines } from './letter.ts';
import { toJson } from './line.ts';

const usage = `Usage: npm run bridge -- dead-letters list [--json]
       npm run bridge -- dead-letters replay ID|all
       npm run bridge -- dead-letters purge [ID|all]

The messages that were given up after their last attempt. It can be used while the bridge runs, and when it does not.

  list     shows them, the oldest first; --json: one object a line, with all that is known
  replay   answers one, or all, after all: each goes to the end of its conversation's line
  purge    forgets all, or one`;

export const deadLetters: Command = createDeadLettersCommand(openDeadLetters);

/** `open` for a test. */
export function createDeadLettersCommand(open: (shell: Shell) => Promise<DeadLetters>): Command {
  return {
    summary: 'what could not be answered: to look at, to try again, to forget',
    usage,
    async run(args, shell) {
      const act = understand(args);
      const letters = await open(shell);
      try {
        return await act(letters, shell);
      } finally {
        await letters.close();
      }
    },
  };
}

type Act = (letters: DeadLetters, shell: Shell) => Promise<number>;

function understand(args: readonly string[]): Act {
  const { action, id, json } = read(args);
  if (json && action !== 'list') throw new UsageError('--json is for list.');
  if (action === 'list' && id === undefined) return (letters, shell) => list(letters, shell, json);
  if (action === 'replay' && id === 'all') return replayAll;
  if (action === 'replay' && id !== undefined) return (letters, shell) => replay(letters, shell, id);
  if (action === 'purge') return (letters, shell) => purge(letters, shell, id === 'all' ? undefined : id);
  throw new UsageError(action === 'replay' ? 'replay needs an ID, or all.' : 'list, replay or purge?');
}

function read(args: readonly string[]) {
  try {
    const options = { json: { type: 'boolean', default: false } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [action, id, ...rest] = positionals;
    if (rest.length > 0) throw new UsageError('One ID at a time.');
    return { action, id, json: values.json };
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError((error as Error).message);
  }
}

async function list({ deadLetters }: DeadLetters, { print }: Shell, json: boolean): Promise<number> {
  const letters = await deadLetters();
  for (const letter of letters) {
    if (json) print(toJson(letter));
    else for (const line of [...toLines(letter), '']) print(line);
  }
  if (!json) print(letters.length === 0 ? 'no dead letters' : counted(letters.length));
  return 0;
}

async function replay(letters: DeadLetters, { print, complain }: Shell, id: string): Promise<number> {
  if (!(await letters.replay(id))) return unknown(id, complain);
  print(`replayed ${id}`);
  return 0;
}

async function replayAll(letters: DeadLetters, { print }: Shell): Promise<number> {
  let count = 0;
  for (const { id } of await letters.deadLetters()) if (await letters.replay(id)) count += 1;
  print(`replayed ${counted(count)}`);
  return 0;
}

async function purge(letters: DeadLetters, { print, complain }: Shell, id?: string): Promise<number> {
  const count = await letters.purge(id);
  if (count === 0 && id !== undefined) return unknown(id, complain);
  print(`forgot ${counted(count)}`);
  return 0;
}

function unknown(id: string, complain: Shell['complain']): number {
  complain(`There is no dead letter ${JSON.stringify(id)}: list shows those there are.`);
  return 1;
}

const counted = (count: number): string => `${count} dead letter${count === 1 ? '' : 's'}`;

async function openDeadLetters({ environment }: Shell): Promise<DeadLetters> {
  const { redisUrl: url, dataDir: dir, secrets } = readStoreConfig(environment());
  if (!url) return (await import('../embedded/dead-letters.ts')).openEmbeddedDeadLetters({ dir, clock });
  const log = await createLog({ level: 'warn', secrets, out: process.stderr });
  return (await import('../redis/dead-letters.ts')).openRedisDeadLetters({ url, log });
}
