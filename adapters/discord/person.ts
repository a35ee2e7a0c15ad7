import type { Author } from '../../src/core/message.ts';
import type { DiscordInteraction, DiscordMember, DiscordUser } from './payload.ts';

/** As the others there see it. */
export function nameOf({ username, global_name }: DiscordUser, member?: DiscordMember): string {
  return member?.nick || global_name || username || '';
}

/** Whoever gave a command or pressed a button: of them alone Discord tells what they may do there. */
export function actorOf(
  { member, user: alone, locale }: DiscordInteraction,
  isThread: boolean,
): Author | undefined {
  const user = member?.user ?? alone;
  if (!user) return undefined;
  const isAdmin = decidesForOthers(member?.permissions, isThread);
  return { id: user.id, name: nameOf(user, member), ...(locale && { locale }), ...(isAdmin && { isAdmin }) };
}

// To administrate, to manage the server, messages or threads (topics/permissions).
const deciding = (1n << 3n) | (1n << 5n) | (1n << 13n);
const decidingInThreads = deciding | (1n << 34n);

function decidesForOthers(permissions = '', isThread: boolean): boolean {
  if (!/^\d{1,30}$/.test(permissions)) return false;
  return (BigInt(permissions) & (isThread ? decidingInThreads : deciding)) !== 0n;
}
