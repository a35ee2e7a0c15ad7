import { z } from 'zod';

/** Half a character would be refused wherever it goes next. Another one in its place keeps the offsets right. */
const words = z.string().transform((text) => text.replace(/\p{Surrogate}/gu, '\ufffd'));

/** Seconds since 1970, as Telegram has them. */
const date = z.uint32();

/** Telegram's other ids are words of some twenty characters. */
const id = z.string().regex(/^[\w-]{1,64}$/);

/** What messages and topics are numbered by. */
const messageId = z.int32().positive();

const user = z.object({
  id: z.int(),
  is_bot: z.boolean().optional(),
  first_name: words.optional(),
  last_name: words.optional(),
  username: z.string().optional(),
  language_code: z.string().optional(),
});

const chat = z.object({
  id: z.int(),
  type: z.enum(['private', 'group', 'supergroup']),
});

const entity = z.object({
  type: z.string(),
  /** In UTF-16 units, as everywhere in the Bot API. */
  offset: z.int().nonnegative(),
  length: z.int().positive(),
  user: user.optional(),
});

// A message is not lost over an ornament that cannot be read.
const entities = z.array(entity).catch([]);

/** What the bridge reads of a message; the kinds of its contents are told by the keys that are there. */
const message = z.looseObject({
  // Messages that only one person sees have the id 0.
  message_id: messageId,
  message_thread_id: messageId.optional(),
  is_topic_message: z.boolean().optional(),
  date,
  chat,
  from: user.optional(),
  sender_chat: z.object({ id: z.int(), title: words.optional() }).optional(),
  is_automatic_forward: z.boolean().optional(),
  via_bot: user.optional(),
  media_group_id: id.optional().catch(undefined),
  reply_to_message: z.looseObject({ from: user.optional() }).optional().catch(undefined),
  text: words.optional(),
  entities,
  caption: words.optional(),
  caption_entities: entities,
});

const update = z.object({ message });
const editUpdate = z.object({ edited_message: message.extend({ edit_date: date }) });

/** What both groups are told when one has become a supergroup. */
const move = z.union([
  z
    .object({ chat, migrate_to_chat_id: z.int() })
    .transform(({ chat: { id: from }, migrate_to_chat_id: to }) => ({ from, to })),
  z
    .object({ chat, migrate_from_chat_id: z.int() })
    .transform(({ chat: { id: to }, migrate_from_chat_id: from }) => ({ from, to })),
]);
const moveUpdate = z.object({ message: move });

/** A button under a message of ours was pressed. Telegram may have forgotten all of the message but where it was. */
const query = z.object({
  id,
  from: user,
  message: z.object({
    message_id: messageId,
    message_thread_id: messageId.optional().catch(undefined),
    is_topic_message: z.boolean().optional().catch(undefined),
    chat,
  }),
  // As we wrote it.
  data: z.string().regex(/^[!-~]{1,64}$/),
});

/** A draft of ours was stopped. */
const stopped = z.object({
  chat: chat.extend({ type: z.literal('private') }),
  message_thread_id: messageId.optional(),
  draft_id: z.int(),
});

const pressUpdate = z.object({ callback_query: query });
const stopUpdate = z.object({ update_id: z.int(), stopped_message_generation: stopped });
const anyQuery = z.object({ callback_query: z.object({ id }) });

/** The bot itself, as getMe tells. */
export const meShape = user.required({ username: true });

/** What Telegram is asked to tell. */
export const allowedUpdates = [
  'message',
  'edited_message',
  'callback_query',
  'stopped_message_generation',
] as const;

/** What getUpdates brings: in order, but for what cannot be read. */
export const updatesShape = z.array(z.unknown());

const numbered = z.object({ update_id: z.int32().positive() });

/** Where an update stands in the order, if that can be read. A wrong number that is too high would skip others. */
export const updateIdOf = (given: unknown): number | undefined => numbered.safeParse(given).data?.update_id;

export type Me = z.infer<typeof meShape>;
export type TelegramUser = z.infer<typeof user>;
export type TelegramMessage = z.infer<typeof message>;
export type TelegramQuery = z.infer<typeof query>;
export type StoppedDraft = z.infer<typeof stopUpdate>;
export type TelegramEntity = z.infer<typeof entity>;
/** The ids of a group and of the supergroup that it has become. */
export type Move = z.infer<typeof move>;

/** The new message that an update brings. Channel posts and everything else are not ours. */
export function messageOf(given: unknown): TelegramMessage | undefined {
  return update.safeParse(given).data?.message;
}

/** The message that was edited, as it is now. */
export const editOf = (given: unknown): (TelegramMessage & { edit_date: number }) | undefined =>
  editUpdate.safeParse(given).data?.edited_message;

export const moveOf = (given: unknown): Move | undefined => moveUpdate.safeParse(given).data?.message;

export const queryOf = (given: unknown): TelegramQuery | undefined =>
  pressUpdate.safeParse(given).data?.callback_query;

export const stoppedDraftOf = (given: unknown): StoppedDraft | undefined => stopUpdate.safeParse(given).data;

/** The query that waits for an answer, whatever else can be read of it. */
export const queryIdOf = (given: unknown): string | undefined =>
  anyQuery.safeParse(given).data?.callback_query.id;
