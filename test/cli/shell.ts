import type { Command, Shell } from '../../src/cli/command.ts';
import { dispatch } from '../../src/cli/dispatch.ts';
import type { Environment } from '../../src/variables.ts';

/** What a command has come to. */
interface Outcome {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Calls commands as the shell does. */
export async function call(
  commands: Record<string, Command>,
  line: string,
  environment: Environment = {},
): Promise<Outcome> {
  const out: string[] = [];
  const err: string[] = [];
  const shell: Shell = {
    environment: () => environment,
    print: (text) => void out.push(text),
    write: (text) => void out.push(text),
    complain: (text) => void err.push(text),
    readInput: async () => '',
    isScreen: false,
    beforeLeaving: () => undefined,
  };
  const status = await dispatch(commands, line.split(' ').filter(Boolean), shell);
  return { status, out: out.join('\n'), err: err.join('\n') };
}
