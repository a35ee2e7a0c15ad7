import { randomUUID } from 'node:crypto';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { whenAborted } from '../../src/core/aborted.ts';
import type { InboundMessage } from '../../src/core/message.ts';
import type { Receive } from '../../src/core/ports/platform.ts';
import type { Conversation } from './conversation.ts';

interface TerminalInput {
  readonly input: Readable;
  readonly output: Writable;
  readonly greeting: () => Promise<string>;
  readonly conversation: Conversation;
  /** Others are heard beside it. */
  readonly isAccompanied: boolean;
}

const farewells = new Set(['exit', 'quit', '/exit', '/quit']);
const words = new Map([
  ['reset', '/reset'],
  ['help', '/help'],
]);

/** Reads a line a message, until `exit` or the end of input; then it waits for the last answer. */
export function receiveFromTerminal(options: TerminalInput): Receive {
  const { input, output, greeting, conversation, isAccompanied } = options;
  return async (deliver, signal, ready) => {
    if (signal.aborted) return;
    const interactive = isTerminal(input) && isTerminal(output);
    const hello = interactive ? await greeting() : '';
    if (signal.aborted) return;
    const lines = createInterface({ input, ...(interactive && { output, prompt: '\n> ' }) });
    const close = () => lines.close();
    signal.addEventListener('abort', close, { once: true });
    // A terminal in raw mode hands Ctrl-C to whoever reads it.
    lines.on('SIGINT', () => {
      if (!conversation.isSettled) output.write('\n(stopping after this answer; Ctrl-C again stops now)\n');
      process.kill(process.pid, 'SIGINT');
    });
    if (interactive) greet(lines, hello, output, conversation);
    ready();
    const session = randomUUID();
    let count = 0;
    let wasHeard = false;
    for await (const line of lines) {
      const text = line.trim();
      wasHeard ||= text !== '';
      if (farewells.has(text) || signal.aborted) break;
      if (text === '') {
        if (interactive) lines.prompt();
        continue;
      }
      count += 1;
      const message = toInbound(words.get(text) ?? text, `${session}:${count}`);
      conversation.asked(message.id);
      await deliver(message);
      // A script means one line after the other: its reset is not to stop the answer to the line before.
      if (!interactive) await conversation.settled(signal);
    }
    // A service has no input: nobody was there who could have ended it.
    if (isAccompanied && !interactive && !wasHeard) await whenAborted(signal);
    close();
    if (interactive && conversation.isSettled) output.write('\n');
    // After Ctrl-C it was said what comes now.
    else if (interactive && !signal.aborted)
      output.write('\n(waiting for the last answer; Ctrl-C twice stops now)\n');
    await conversation.settled(signal);
    signal.removeEventListener('abort', close);
  };
}

function greet(lines: Interface, hello: string, output: Writable, conversation: Conversation): void {
  output.write(`${hello}\n`);
  lines.prompt();
  let isOpen = true;
  lines.once('close', () => {
    isOpen = false;
  });
  conversation.onSettled(() => {
    // Newer versions of Node throw when asked to prompt after the end.
    if (isOpen) lines.prompt();
  });
}

function toInbound(text: string, number: string): InboundMessage {
  const id = `terminal:${number}`;
  return {
    id,
    author: { id: 'owner', name: 'owner', locale: Intl.DateTimeFormat().resolvedOptions().locale },
    text,
    attachments: [],
    addressed: 'direct',
    target: { platform: 'terminal', bot: 'terminal', channel: 'terminal', replyTo: id },
    sentAt: Date.now(),
  };
}

const isTerminal = (stream: object): boolean => 'isTTY' in stream && stream.isTTY === true;
