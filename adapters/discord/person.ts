import type { DiscordMember, DiscordUser } from './payload.ts';

/** As the others there see it. */
export function nameOf({ username, global_name }: DiscordUser, member?: DiscordMember): string {
  return member?.nick || global_name || username || '';
}
