import type { ChannelState, GuildState } from './world.ts';

const bits = {
  kickMembers: 1,
  banMembers: 2,
  administrator: 3,
  manageChannels: 4,
  manageGuild: 5,
  addReactions: 6,
  viewChannel: 10,
  sendMessages: 11,
  manageMessages: 13,
  embedLinks: 14,
  attachFiles: 15,
  readMessageHistory: 16,
  mentionEveryone: 17,
  useExternalEmojis: 18,
  manageRoles: 28,
  useApplicationCommands: 31,
  manageThreads: 34,
  createPublicThreads: 35,
  createPrivateThreads: 36,
  sendMessagesInThreads: 38,
} as const;

export type Permission = keyof typeof bits;

export const permissionBits = (names: readonly Permission[]) =>
  names.reduce((all, name) => all | (1n << BigInt(bits[name])), 0n);

/** What everybody may do in a new guild. That includes `@everyone`, as on Discord. */
export const defaultPermissions = permissionBits([
  'addReactions',
  'viewChannel',
  'sendMessages',
  'embedLinks',
  'attachFiles',
  'readMessageHistory',
  'mentionEveryone',
  'useExternalEmojis',
  'useApplicationCommands',
  'createPublicThreads',
  'createPrivateThreads',
  'sendMessagesInThreads',
]);

const everything = permissionBits(Object.keys(bits) as Permission[]);

/** What a user may do in a channel. In a DM that is everything but to moderate. */
export function permissionsIn(channel: ChannelState, userId: string): bigint {
  const { guild } = channel;
  if (guild === undefined) return channel.recipients.has(userId) ? defaultPermissions : 0n;
  const member = guild.members.get(userId);
  if (member === undefined) return 0n;
  if (guild.ownerId === userId) return everything;
  const byRoles = rolePermissions(guild, member.roles);
  // An administrator may do everything, whatever a channel takes away.
  if ((byRoles & permissionBits(['administrator'])) !== 0n) return everything;
  const overwrites = (channel.parent ?? channel).overwrites;
  const everybody = overwrite(byRoles, overwrites.get(guild.id));
  return overwrite(everybody, overwrites.get(userId));
}

export const isAllowed = (channel: ChannelState, userId: string, permission: Permission) =>
  (permissionsIn(channel, userId) & permissionBits([permission])) !== 0n;

function rolePermissions(guild: GuildState, roles: readonly string[]): bigint {
  return [guild.id, ...roles].reduce((all, id) => all | (guild.roles.get(id)?.permissions ?? 0n), 0n);
}

function overwrite(permissions: bigint, found: { allow: bigint; deny: bigint } | undefined): bigint {
  return found === undefined ? permissions : (permissions & ~found.deny) | found.allow;
}
