import { parseArgs } from 'node:util';
import { type Command, type Shell, UsageError } from './command.ts';
import { type Reach, reachBridge } from './reach.ts';

const usage = `Usage: npm run -s bridge -- chat [--session NAME] [--user NAME] "question"

Asks once, and writes the answer to standard output as it comes. A bridge that runs on this machine is asked over its
HTTP API; where none does, one is started for as long as it takes. Questions of the same session are one conversation.
Exit status: 0 answered, 1 not answered (standard error says why).`;

export const chat: Command = {
  summary: 'asks one question, and writes the answer',
  usage,
  async run(args, shell) {
    const { question, ...from } = read(args);
    const bridge = await reachBridge(shell);
    try {
      return await answer(await bridge.ask({ message: question, ...from }), shell);
    } finally {
      await bridge.close();
    }
  },
};

function read(args: readonly string[]) {
  try {
    const options = { session: { type: 'string' }, user: { type: 'string' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const question = positionals.join(' ').trim();
    if (question === '') throw new UsageError('What is the question?');
    return {
      question,
      ...(values.session && { session_id: values.session }),
      ...(values.user && { user_id: values.user }),
    };
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError((error as Error).message);
  }
}

/** What has been written cannot be taken back: another answer comes below it. */
async function answer(
  events: Awaited<ReturnType<Reach['ask']>>,
  { write, complain }: Shell,
): Promise<number> {
  let written = '';
  const show = (text: string) => {
    write(text.startsWith(written) ? text.slice(written.length) : `\n\n${text}`);
    written = text;
  };
  for await (const { type, data } of events) {
    if (type === 'chunk') show(written + data.content);
    else if (type === 'replace') show(data.content);
    else if (type === 'complete') {
      show(data.full_content);
      write('\n');
      return data.status === 'stopped' ? 1 : 0;
    } else if (type === 'error') {
      if (written !== '') write('\n');
      complain(data.message);
      return 1;
    }
  }
  complain('The bridge has ended before the answer did.');
  return 1;
}
