import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';
import { definePlatform, type Platform } from '../platform.ts';
import { createConversation } from './conversation.ts';
import { receiveFromTerminal } from './receive.ts';
import { createTerminalSender } from './send.ts';

/** A chat with whoever sits at this process's own input and output. */
export function createTerminal(input: Readable, output: Writable): Platform {
  const conversation = createConversation();
  return definePlatform({
    name: 'terminal',
    env: z.object({}),
    receive: (_settings, { greeting, isAccompanied }) =>
      receiveFromTerminal({ input, output, greeting, conversation, isAccompanied }),
    sender: () => createTerminalSender(output, conversation),
  });
}

export const terminal = createTerminal(process.stdin, process.stdout);
