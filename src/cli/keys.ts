import { randomBytes } from 'node:crypto';
import { type Command, UsageError } from './command.ts';

export const keys: Command = {
  summary: 'makes a key for SERVER_API_KEYS',
  usage: `Usage: npm run -s bridge -- keys

Prints a new key. Put it into SERVER_API_KEYS, beside others with a comma between them and yours first, and start the
bridge again; who calls its HTTP API then sends "Authorization: Bearer KEY".`,
  async run(args, { print }) {
    if (args.length > 0) throw new UsageError('keys takes nothing.');
    print(`cb_${randomBytes(32).toString('base64url')}`);
    return 0;
  },
};
