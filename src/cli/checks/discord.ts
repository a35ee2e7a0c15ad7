import { type Call, createCall } from '../../../adapters/discord/call.ts';
import { commandNames } from '../../../adapters/discord/commands.ts';
import { failureOf } from '../../../adapters/discord/failure.ts';
import { discord } from '../../../adapters/discord/index.ts';
import { type DiscordSettings, tokenRefused } from '../../../adapters/discord/settings.ts';
import { type Check, type Finding, failed, failedAs, odd, ok, skipped } from './check.ts';
import { equip, type Subject } from './subject.ts';

const patienceMs = 10_000;

/** Flags of an application: Message Content Intent is switched on, for a bot of many servers and for one of few. */
const readsContent = (1 << 18) | (1 << 19);

/** Nothing where Discord is not used. */
export function discordChecks(subject: Subject): Check[] {
  if (!subject.env.DISCORD_BOT_TOKEN) return [];
  const equipped = equip(discord, subject);
  if (!equipped)
    return [{ name: 'discord token', run: () => skipped('not made, as its settings are wrong') }];
  const settings = { ...equipped.settings, proxy: equipped.proxy } as DiscordSettings;
  const call = createCall(settings, patienceMs);
  const needs = ['discord token'];
  return [
    { name: 'discord token', run: () => checkToken(call) },
    { name: 'discord intents', needs, run: () => checkIntents(call, settings) },
    { name: 'discord commands', needs, run: () => checkCommands(call) },
  ];
}

function checkToken(call: Call): Promise<Finding> {
  return atDiscord(async () => {
    const { username } = Object(await call('GET', '/users/@me')) as { username?: unknown };
    return ok(`Discord accepts it: the bot is ${username}`);
  });
}

function checkIntents(call: Call, settings: DiscordSettings): Promise<Finding> {
  return atDiscord(async () => {
    const { flags } = await applicationOf(call);
    if (!settings.DISCORD_MESSAGE_CONTENT) return ok('none is needed: it hears what is addressed to it');
    if ((flags & readsContent) !== 0) return ok('Message Content Intent is switched on');
    return failed(
      'DISCORD_MESSAGE_CONTENT is set, but Message Content Intent is switched off',
      'in the developer portal, under Bot, switch it on, or unset DISCORD_MESSAGE_CONTENT',
    );
  });
}

function checkCommands(call: Call): Promise<Finding> {
  return atDiscord(async () => {
    const { id } = await applicationOf(call);
    const listed = await call('GET', `/applications/${id}/commands`);
    const names = Array.isArray(listed) ? listed.map((command) => Object(command).name) : [];
    const missing = commandNames.filter((name) => !names.includes(name));
    if (missing.length === 0) return ok(`registered: ${commandNames.map((name) => `/${name}`).join(' ')}`);
    return odd(
      `not registered: ${missing.map((name) => `/${name}`).join(' ')}`,
      'nothing, if the bridge has not run yet: it does that when it starts; else its log says why',
    );
  });
}

async function applicationOf(call: Call): Promise<{ readonly id: string; readonly flags: number }> {
  const { id, flags } = Object(await call('GET', '/applications/@me')) as { id?: unknown; flags?: unknown };
  return { id: String(id), flags: Number(flags ?? 0) };
}

async function atDiscord(look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    const { status, reason } = failureOf(error);
    if (status === 401) return failedAs(tokenRefused);
    if (status === undefined)
      return failed(
        `Discord cannot be reached: ${reason}`,
        'look at the network, and at HTTPS_PROXY or DISCORD_PROXY',
      );
    return failed(`Discord refuses the call: ${status} ${reason}`);
  }
}
