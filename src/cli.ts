import { bots } from './cli/bots.ts';
import { chat } from './cli/chat.ts';
import { deadLetters } from './cli/dead-letters.ts';
import { dispatch } from './cli/dispatch.ts';
import { doctor } from './cli/doctor.ts';
import { keys } from './cli/keys.ts';
import { readEnvironment } from './environment.ts';

/** What the owner can do from a shell, by name: `npm run bridge -- NAME`. */
const commands = { chat, bots, doctor, keys, 'dead-letters': deadLetters };

// Whoever reads it may have seen enough: `| head`.
process.stdout.on('error', () => process.exit());
process.exitCode = await dispatch(commands, process.argv.slice(2), {
  environment: () => readEnvironment(process.cwd(), process.env),
  write: (text) => void process.stdout.write(text),
  print: (line) => void process.stdout.write(`${line}\n`),
  complain: (line) => void process.stderr.write(`${line}\n`),
});
// A connection that is slow to close must not hold the process, but all that was written must be out before it goes.
process.stdout.write('', () => process.exit());
