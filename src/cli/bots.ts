import { parseArgs } from 'node:util';
import { systemClock as clock } from '../clock.ts';
import { readCozeAccess } from '../config.ts';
import type { ListedBot } from '../core/ports/coze.ts';
import { createProxyWay } from '../proxy/way.ts';
import { type Command, type Shell, UsageError } from './command.ts';
import { tellCoze } from './coze-words.ts';
import { onOneLine, toJson } from './line.ts';

const usage = `Usage: npm run -s bridge -- bots [--workspace ID] [--json]

Lists the bots that there are at Coze: id, whether it is published, workspace, and name. It needs COZE_API_TOKEN or an
OAuth app, and of its permissions those to list bots and workspaces; COZE_BOT_ID it does not need.

  --workspace ID   only those of one workspace: the digits after /space/ in the address of its page
  --json           one object a line`;

/** So much of a name is shown, in characters. */
const longestName = 80;

export const bots: Command = {
  summary: 'lists the bots at Coze, for their ids',
  usage,
  async run(args, shell) {
    const { workspace, json } = read(args);
    const found = await find(shell, workspace);
    for (const bot of found) shell.print(json ? toJson(bot) : toLine(bot));
    if (found.length === 0) shell.complain('There are no bots that this token may see.');
    return 0;
  },
};

function read(args: readonly string[]) {
  try {
    const options = { workspace: { type: 'string' }, json: { type: 'boolean', default: false } } as const;
    const { values } = parseArgs({ args: [...args], options });
    if (values.workspace !== undefined && !/^\d+$/.test(values.workspace))
      throw new UsageError('A workspace is called by digits.');
    return values;
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError((error as Error).message);
  }
}

async function find({ environment }: Shell, workspace: string | undefined): Promise<readonly ListedBot[]> {
  const { proxy, ...access } = readCozeAccess(environment());
  const { createCozeDesk } = await import('../coze/desk.ts');
  const desk = createCozeDesk({ ...access, clock, agents: proxy && createProxyWay(proxy, { clock }) });
  return desk.bots(workspace).catch((error: unknown) => {
    const { words, advice } = tellCoze(error);
    throw new Error(advice ? `${words}\n${advice}` : words);
  });
}

function toLine({ id, name, isPublished, workspaceId }: ListedBot): string {
  const state = isPublished ? 'published' : 'not published';
  return [id.padEnd(19), state.padEnd(13), workspaceId, onOneLine(name, longestName)].join('  ');
}
