import { z } from 'zod';

const snowflake = z.string().regex(/^\d{1,20}$/);

const user = z.object({
  id: snowflake,
  username: z.string().optional(),
  global_name: z.string().nullish(),
  bot: z.boolean().optional(),
  system: z.boolean().optional(),
});

const member = z.object({ nick: z.string().nullish() });

const list = z.array(z.unknown()).catch([]);

// A message is not lost over an ornament that cannot be read.
const message = z.object({
  id: snowflake,
  channel_id: snowflake,
  guild_id: snowflake.optional(),
  channel_type: z.int().optional().catch(undefined),
  type: z.int(),
  edited_timestamp: z.string().nullish().catch(undefined),
  content: z.string().default(''),
  author: user,
  webhook_id: snowflake.optional(),
  member: member.optional().catch(undefined),
  mentions: z
    .array(user.extend({ member: member.optional().catch(undefined) }))
    .optional()
    .catch(undefined),
  mention_roles: list,
  mention_everyone: z.boolean().catch(false),
  attachments: z.array(z.object({ content_type: z.string().nullish().catch(undefined) })).catch([]),
  sticker_items: list,
  message_snapshots: list,
  poll: z.unknown().optional(),
  referenced_message: z.object({ author: user }).nullish().catch(undefined),
});

const interaction = z.object({
  id: snowflake,
  application_id: snowflake,
  // As it becomes a part of an address.
  token: z.string().regex(/^[\w.=-]+$/),
  channel_id: snowflake,
  channel: z.object({ type: z.int() }).optional().catch(undefined),
  guild_id: snowflake.optional(),
  member: member.extend({ user, permissions: z.string().optional().catch(undefined) }).optional(),
  user: user.optional(),
  locale: z.string().optional().catch(undefined),
});

const command = interaction.extend({ type: z.literal(2), data: z.object({ name: z.string() }) });

const press = interaction.extend({
  type: z.literal(3),
  message: z.object({ id: snowflake }),
  // A button; there are menus too.
  data: z.object({ component_type: z.literal(2), custom_id: z.string().max(100) }),
});

/** What comes back from a write. */
export const postedShape = z.object({
  id: snowflake,
  content: z.string().optional(),
  components: list,
});

export type DiscordUser = z.infer<typeof user>;
export type DiscordMember = z.infer<typeof member>;
export type DiscordMessage = z.infer<typeof message>;
export type DiscordInteraction = z.infer<typeof interaction>;
export type DiscordCommand = z.infer<typeof command>;
export type DiscordPress = z.infer<typeof press>;

/** Ordinary messages and replies; joins, pins, boosts and the like have types of their own. */
const writtenByPeople: readonly number[] = [0, 19];

/** A message that somebody wrote, a bot perhaps. */
export function messageOf(payload: unknown): DiscordMessage | undefined {
  const { data } = message.safeParse(payload);
  return data && writtenByPeople.includes(data.type) ? data : undefined;
}

const placed = z
  .object({
    id: snowflake,
    channel_id: snowflake,
    guild_id: snowflake.optional(),
    channel_type: z.int().optional().catch(undefined),
  })
  .transform(({ id, channel_id, guild_id, channel_type }) => ({
    id,
    channel: channel_id,
    guild: guild_id,
    type: channel_type,
  }));

/** Where and which a message is, whoever and whatever wrote it. */
export const placedOf = (payload: unknown): z.infer<typeof placed> | undefined =>
  placed.safeParse(payload).data;

/** A slash command that somebody gave. */
export function commandOf(payload: unknown): DiscordCommand | undefined {
  return command.safeParse(payload).data;
}

/** A button that somebody pressed. */
export function pressOf(payload: unknown): DiscordPress | undefined {
  return press.safeParse(payload).data;
}

/** Threads of announcements, public and private ones. */
export const isThreadType = (type: number | undefined): boolean => type === 10 || type === 11 || type === 12;

const timed = z.object({ timestamp: z.string() });

/** When a message was written. */
export const timestampOf = (given: unknown): string | undefined => timed.safeParse(given).data?.timestamp;
