import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Call } from './call.ts';

// Chat input commands for servers that have added the bot (integration type 0): there, and in private with it
// (contexts 0 and 1).
const everywhere = { type: 1, integration_types: [0], contexts: [0, 1] };

/** The default's own locale stands among the others, or another English could take its place. */
const inLanguages = (english: string, chinese: string, traditional: string) => ({
  description: english,
  description_localizations: { 'en-US': english, 'zh-CN': chinese, 'zh-TW': traditional },
});

const commands = [
  {
    name: 'reset',
    ...everywhere,
    ...inLanguages(
      'Start over and forget what was said',
      '重新开始，忘掉之前的对话',
      '重新開始，忘掉之前的對話',
    ),
  },
  {
    name: 'stop',
    ...everywhere,
    ...inLanguages('Stop the answer that is running', '停止正在进行的回答', '停止正在進行的回答'),
  },
  { name: 'help', ...everywhere, ...inLanguages('What I can do', '查看说明', '查看說明') },
];

export const commandNames: readonly string[] = commands.map(({ name }) => name);

export const isOurCommand = (name: string): boolean => commandNames.includes(name);

const registeredShape = z.array(z.looseObject({ name: z.string() }));

/** Makes them the bot's commands, and the only ones. They are written only when they differ from what is there. */
export async function registerCommands(call: Call, application: string): Promise<void> {
  const path = `/applications/${application}/commands` as const;
  const { data: registered = [] } = registeredShape.safeParse(
    await call('GET', `${path}?with_localizations=true`),
  );
  if (registered.length !== commands.length || !commands.every((command) => isAmong(registered, command)))
    await call('PUT', path, commands);
}

function isAmong(registered: z.infer<typeof registeredShape>, command: (typeof commands)[number]): boolean {
  const found = registered.find(({ name }) => name === command.name);
  const known = Object.keys(command).map((key) => [key, found?.[key]] as const);
  return isDeepStrictEqual(Object.fromEntries(known), { ...command });
}
