import type { APIUser } from 'discord.js';
import type { GuildState, MemberState } from '../world.ts';

export const isoTime = (ms: number) => new Date(ms).toISOString().replace('Z', '000+00:00');

/** A member as it stands inside a message: without the user. */
export function viewMember({ roles, joinedAtMs }: MemberState) {
  return {
    roles: [...roles],
    nick: null,
    avatar: null,
    banner: null,
    joined_at: isoTime(joinedAtMs),
    premium_since: null,
    deaf: false,
    mute: false,
    flags: 0,
    pending: false,
    communication_disabled_until: null,
  };
}

/** A mentioned user, with what it is in the guild. */
export function viewMentioned(user: APIUser, guild: GuildState | undefined) {
  const member = guild?.members.get(user.id);
  return { ...user, ...(member && { member: viewMember(member) }) };
}
