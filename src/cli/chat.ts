import { parseArgs } from 'node:util';
import { type Command, type Shell, UsageError } from './command.ts';
import { type Inquiry, inquire } from './inquiry.ts';
import { createPaper } from './paper.ts';
import { createPatience } from './patience.ts';
import { reachBridge } from './reach.ts';

const usage = `Usage: npm run -s bridge -- chat [--session NAME] [--user NAME] [--whole] "question"
       npm run -s bridge -- chat [--session NAME] [--user NAME] [--whole] -

Asks once, and writes the answer to standard output as it comes. A bridge that runs on this machine is asked over its HTTP
API; where none does, one is started for as long as it takes. Questions of the same session are one conversation.

  -                the question is standard input
  --session NAME   the conversation; without it, a new one
  --user NAME      who asks; COZE_USER_ID without it
  --whole          writes the answer when it is whole. Without it, what was written stays should Coze take it back and begin
                   anew, which is rare: then the new answer follows it, and the exit status is 1

It waits as long as something comes at least every ten minutes. Ctrl-C stops the answer, at Coze too.
Exit status: 0 answered, 1 not answered, or not to its end (standard error says why), 2 not understood what was asked for.`;

export const chat: Command = {
  summary: 'asks one question, and writes the answer',
  usage,
  async run(args, shell) {
    const { whole, ...body } = await read(args, shell);
    const bridge = await reachBridge(shell);
    const patience = createPatience(bridge.url, shell);
    const inquiry = inquire(bridge, body);
    shell.beforeLeaving(async () => {
      await inquiry.stop();
      await bridge.close();
    });
    const signal = AbortSignal.any([patience.signal, ...(bridge.died ? [bridge.died] : [])]);
    try {
      return await answer(inquiry.hear(signal), shell, { isLive: !whole, ...patience });
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
    whole: values.whole,
    ...(values.session && { session_id: values.session }),
    ...(values.user && { user_id: values.user }),
  };
}

function parse(args: readonly string[]) {
  try {
    const options = {
      session: { type: 'string' },
      user: { type: 'string' },
      whole: { type: 'boolean', default: false },
    } as const;
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

interface Reading {
  /** Whoever reads sees it grow. */
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
      // A person sees what has become of it; a program would take all of it for the answer.
      if (status !== 'stopped') return paper.isCorrected && !shell.isScreen ? 1 : 0;
      shell.complain('It was stopped: there is no more of this answer.');
      return 1;
    }
    throw new Error('The bridge has ended before the answer did.');
  } catch (error) {
    paper.leave();
    throw error;
  }
}
