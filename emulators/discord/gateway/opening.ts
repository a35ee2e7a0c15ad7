import { viewGuild } from '../views/guild.ts';
import type { BotState, World } from '../world.ts';
import { areValid, notAllowed, seesGuilds } from './intents.ts';
import { type Lack, without } from './lacks.ts';
import { type Session, type Shard, shardOf } from './session.ts';

/** What an IDENTIFY asks for, or the code to close the connection with. */
export type Identity =
  | { readonly bot: BotState; readonly intents: number; readonly shard: Shard }
  | { readonly closeCode: number };

export function readIdentity(world: World, asked: unknown): Identity {
  if (typeof asked !== 'object' || asked === null) return { closeCode: 4002 };
  const { token, intents, properties, shard = [0, 1] } = asked as Record<string, unknown>;
  if (typeof properties !== 'object' || properties === null) return { closeCode: 4002 };
  const bot = world.bots.get(String(token));
  if (bot === undefined) return { closeCode: 4004 };
  if (!areValid(intents)) return { closeCode: 4013 };
  if (notAllowed(intents, bot).length > 0) return { closeCode: 4014 };
  if (!isShard(shard)) return { closeCode: 4010 };
  return { bot, intents, shard };
}

function isShard(shard: unknown): shard is Shard {
  if (!Array.isArray(shard) || shard.length !== 2 || !shard.every(Number.isInteger)) return false;
  const [id, count] = shard as [number, number];
  return count >= 1 && id >= 0 && id < count;
}

interface Greeting {
  readonly lacks: readonly Lack[];
  readonly resumeUrl: string;
}

/** READY, and after it every guild that the bot is in. */
export function greet(world: World, session: Session, { lacks, resumeUrl }: Greeting): void {
  const { bot, intents, shard } = session;
  const guilds = [...world.guilds.values()].filter(
    ({ id, members }) => members.has(bot.user.id) && shardOf(id, shard[1]) === shard[0],
  );
  const ready = {
    v: 10,
    user: { ...bot.user, verified: true, mfa_enabled: true, email: null },
    user_settings: {},
    relationships: [],
    private_channels: [],
    presences: [],
    guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
    session_id: session.id,
    session_type: 'normal',
    resume_gateway_url: resumeUrl,
    shard,
    application: { id: bot.user.id, flags: applicationFlags(bot) },
  };
  session.dispatch('READY', without(lacks, ready));
  if (!seesGuilds(intents) || lacks.includes('GUILD_CREATE')) return;
  for (const guild of guilds) {
    session.dispatch('GUILD_CREATE', viewGuild(world, guild, bot));
  }
}

/** The privileged intents of a small bot, as its application's flags tell them. */
export function applicationFlags(bot: BotState): number {
  const flags = { guildPresences: 1 << 13, guildMembers: 1 << 15, messageContent: 1 << 19 };
  return bot.privilegedIntents.reduce((all, name) => all | flags[name], 0);
}
