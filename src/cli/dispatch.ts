import { ConfigError } from '../config.ts';
import { redact } from '../log.ts';
import { secretsIn } from '../variables.ts';
import { type Command, type Shell, UsageError } from './command.ts';

/** Exit status: what was asked for could not be done. */
const failed = 1;

/** Exit status: it is not understood what was asked for. */
const misused = 2;

/** Runs the command that the first argument names. Resolves with the exit status of the process. */
export async function dispatch(
  commands: Readonly<Record<string, Command>>,
  [name, ...args]: readonly string[],
  shell: Shell,
): Promise<number> {
  if (name === '--help' || name === '-h' || name === 'help') return help(overview(commands), shell);
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    if (name !== undefined) shell.complain(`There is no command ${JSON.stringify(name)}.`);
    shell.complain(overview(commands));
    return misused;
  }
  if (args.includes('--help') || args.includes('-h')) return help(command.usage, shell);
  try {
    return await command.run(args, shell);
  } catch (error) {
    if (error instanceof UsageError) {
      shell.complain(`${error.message}\n${command.usage}`);
      return misused;
    }
    shell.complain(redact(inWords(error), secretsOf(shell)));
    return failed;
  }
}

function help(text: string, { print }: Shell): number {
  print(text);
  return 0;
}

function overview(commands: Readonly<Record<string, Command>>): string {
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(14)}${summary}`);
  return ['Usage: npm run bridge -- COMMAND', ...lines, 'COMMAND --help says more.'].join('\n');
}

function secretsOf({ environment }: Shell): string[] {
  try {
    return secretsIn(environment());
  } catch {
    return [];
  }
}

function inWords(error: unknown): string {
  if (error instanceof ConfigError) return error.mistakes.join('\n');
  return error instanceof Error ? error.message : String(error);
}
