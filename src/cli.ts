import { text } from 'node:stream/consumers';
import { bots } from './cli/bots.ts';
import { chat } from './cli/chat.ts';
import { deadLetters } from './cli/dead-letters.ts';
import { dispatch } from './cli/dispatch.ts';
import { doctor } from './cli/doctor.ts';
import { keys } from './cli/keys.ts';
import { createLeaving } from './cli/leaving.ts';
import { readEnvironment } from './environment.ts';

/** What the owner can do from a shell, by name: `npm run bridge -- NAME`. */
const commands = { chat, bots, doctor, keys, 'dead-letters': deadLetters };

const leaving = createLeaving({ isOfNpm: process.env.npm_lifecycle_event !== undefined });
process.exitCode = await dispatch(commands, process.argv.slice(2), {
  environment: () => readEnvironment(process.cwd(), process.env),
  write: (text) => void process.stdout.write(text),
  print: (line) => void process.stdout.write(`${line}\n`),
  // Whoever has sent us away need not know what became of it.
  complain: (line) => void (leaving.hasBegun() || process.stderr.write(`${line}\n`)),
  readInput: () => text(process.stdin),
  isScreen: process.stdout.isTTY,
  beforeLeaving: leaving.prepare,
});
// A connection that is slow to close must not hold the process, but all that was written must be out before it goes.
if (!leaving.hasBegun()) process.stdout.write('', () => process.exit());
