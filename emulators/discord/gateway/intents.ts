import { isAllowed } from '../permissions.ts';
import { type BotState, isDm, type PrivilegedIntent } from '../world.ts';
import type { GatewayEvent } from './event.ts';

const bit = {
  guilds: 1 << 0,
  guildMembers: 1 << 1,
  guildPresences: 1 << 8,
  guildMessages: 1 << 9,
  guildTyping: 1 << 11,
  directMessages: 1 << 12,
  directTyping: 1 << 14,
  messageContent: 1 << 15,
} as const;

// Bits 17 to 19 and 22, 23 have no meaning yet.
const meaningless = (1 << 17) | (1 << 18) | (1 << 19) | (1 << 22) | (1 << 23);

export const areValid = (intents: unknown): intents is number =>
  Number.isInteger(intents) &&
  Number(intents) >= 0 &&
  Number(intents) < 1 << 26 &&
  (Number(intents) & meaningless) === 0;

/** The privileged intents among these that the bot's owner has not switched on. */
export function notAllowed(intents: number, bot: BotState): PrivilegedIntent[] {
  const privileged = ['guildMembers', 'guildPresences', 'messageContent'] as const;
  return privileged.filter((name) => (intents & bit[name]) !== 0 && !bot.privilegedIntents.includes(name));
}

export const readsContent = (intents: number) => (intents & bit.messageContent) !== 0;
export const seesGuilds = (intents: number) => (intents & bit.guilds) !== 0;

/** Whether a session of this bot, with these intents, is told of the event. */
export function isTold(event: GatewayEvent, bot: BotState, intents: number): boolean {
  const { channel, guild = channel?.guild } = event;
  if (event.onlyFor !== undefined && event.onlyFor !== bot) return false;
  if (event.about === 'interaction') return true;
  if (guild !== undefined && event.onlyFor === undefined && !guild.members.has(bot.user.id)) return false;
  if (channel !== undefined && !isAllowed(channel, bot.user.id, 'viewChannel')) return false;
  return (intents & needed(event, channel !== undefined && isDm(channel))) !== 0;
}

function needed({ about }: GatewayEvent, inDm: boolean): number {
  if (about === 'message') return inDm ? bit.directMessages : bit.guildMessages;
  if (about === 'typing') return inDm ? bit.directTyping : bit.guildTyping;
  return bit.guilds;
}
