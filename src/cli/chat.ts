import { parseArgs } from 'node:util';
import { type Command, type Shell, UsageError } from './command.ts';
import { type Inquiry, inquire } from './inquiry.ts';
import { createPaper } from './paper.ts';
import { createPatience } from './patience.ts';
import { reachBridge } from './reach.ts';

const usage = `Usage: npm run -s bridge -- chat [--session NAME] [--user NAME] [--stream] "question"
       npm run -s bridge -- chat [--session NAME] [--user NAME] [--stream] -

Asks once, and writes the answer to standard output: on a terminal as it comes, into a pipe or a file when it is whole, as
Coze may take back what it has said. A bridge that runs on this machine is asked over its HTTP API; where none does, one is
started for as long as it takes. Questions of the same session are one conversation.

  -                the question is standard input
  --session NAME   the conversation; without it, a new one
  --user NAME      who asks; COZE_USER_ID without it
  --stream         as it comes, whoever reads it; should Coze begin anew, the whole answer follows what was written

It waits as long as something comes at least every ten minutes. Ctrl-C stops the answer, at Coze too.
Exit status: 0 answered, 1 not answered, or not to its end (standard error says why), 2 not understood what was asked for.`;

export const chat: Command = {
  summary: 'asks one question, and writes the answer',
  usage,
  async run(args, shell) {
    const { stream, ...body } = await read(args, shell);
    const bridge = await reachBridge(shell);
    const patience = createPatience(bridge.url, shell);
    const inquiry = inquire(bridge, body);
    shell.beforeLeaving(async () => {
      await inquiry.stop();
      await bridge.close();
    });
    const signal = AbortSignal.any([patience.signal, ...(bridge.died ? [bridge.died] : [])]);
    try {
      return await answer(inquiry.hear(signal), shell, { isLive: stream || shell.isScreen, ...patience });
    } catch (error) {
      await inquiry.stop();
      throw error;
    } finally {
      patience.end();
      await bridge.close();
    }
  },
};

async function read(args: readonly string[], { readInput }: Shell) {
  const { values, positionals } = parse(args);
  const isInput = positionals.length === 1 && positionals[0] === '-';
  const message = (isInput ? await readInput() : positionals.join(' ')).trim();
  if (message === '')
    throw new UsageError(
      isInput ? 'Standard input is empty: what is the question?' : 'What is the question?',
    );
  return {
    message,
    stream: values.stream,
    ...(values.session && { session_id: values.session }),
    ...(values.user && { user_id: values.user }),
  };
}

function parse(args: readonly string[]) {
  try {
    const options = {
      session: { type: 'string' },
      user: { type: 'string' },
      stream: { type: 'boolean', default: false },
    } as const;
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

interface Reading {
  /** Whoever reads sees it grow, and knows what to make of it should it begin anew. */
  readonly isLive: boolean;
  renew(): void;
}

async function answer(
  heard: ReturnType<Inquiry['hear']>,
  shell: Shell,
  { isLive, renew }: Reading,
): Promise<number> {
  const paper = createPaper(shell);
  try {
    for await (const each of heard) {
      renew();
      if (each.type === 'text' && isLive) paper.show(each.text);
      if (each.type === 'error') throw new Error(each.data.message);
      if (each.type !== 'complete') continue;
      const { full_content: text, status } = each.data;
      paper.finish(text);
      if (status !== 'stopped') return 0;
      shell.complain('It was stopped: there is no more of this answer.');
      return 1;
    }
    throw new Error('The bridge has ended before the answer did.');
  } catch (error) {
    paper.leave();
    throw error;
  }
}
