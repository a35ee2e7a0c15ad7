import type {
  APIAllowedMentions,
  RESTAPIMessageReference,
  RESTPatchAPIChannelJSONBody,
  RESTPatchAPIChannelMessageJSONBody,
  RESTPatchAPIWebhookWithTokenMessageJSONBody,
  RESTPostAPIChannelMessageJSONBody,
  RESTPostAPIChannelMessagesThreadsJSONBody,
  RESTPostAPIChannelThreadsJSONBody,
  RESTPostAPIWebhookWithTokenJSONBody,
} from 'discord.js';
import { isFields } from './forms/form.ts';

/** The names of the fields of an object. The compiler holds them equal to the published types. */
type Names<T> = T extends unknown ? Readonly<Record<keyof T, 1>> : never;

const edit = {
  content: 1,
  embeds: 1,
  flags: 1,
  allowed_mentions: 1,
  attachments: 1,
  components: 1,
} as const satisfies Names<RESTPatchAPIChannelMessageJSONBody>;

const create = {
  ...edit,
  nonce: 1,
  enforce_nonce: 1,
  tts: 1,
  message_reference: 1,
  sticker_ids: 1,
  poll: 1,
  shared_client_theme: 1,
} as const satisfies Names<RESTPostAPIChannelMessageJSONBody>;

// A webhook has no nonce.
const webhook = {
  ...edit,
  tts: 1,
  poll: 1,
  username: 1,
  avatar_url: 1,
  thread_name: 1,
  applied_tags: 1,
} as const satisfies Names<RESTPostAPIWebhookWithTokenJSONBody>;

const webhookEdit = {
  ...edit,
  poll: 1,
} as const satisfies Names<RESTPatchAPIWebhookWithTokenMessageJSONBody>;

const threadFromMessage = {
  name: 1,
  auto_archive_duration: 1,
  rate_limit_per_user: 1,
} as const satisfies Names<RESTPostAPIChannelMessagesThreadsJSONBody>;

const thread = {
  ...threadFromMessage,
  type: 1,
  invitable: 1,
} as const satisfies Names<RESTPostAPIChannelThreadsJSONBody>;

type ThreadChange =
  | 'name'
  | 'archived'
  | 'locked'
  | 'auto_archive_duration'
  | 'rate_limit_per_user'
  | 'invitable'
  | 'applied_tags'
  | 'flags';
const threadChange = {
  name: 1,
  archived: 1,
  locked: 1,
  auto_archive_duration: 1,
  rate_limit_per_user: 1,
  invitable: 1,
  applied_tags: 1,
  flags: 1,
} as const satisfies Readonly<Record<ThreadChange & keyof RESTPatchAPIChannelJSONBody, 1>>;

const command = {
  name: 1,
  name_localizations: 1,
  description: 1,
  description_localizations: 1,
  type: 1,
  options: 1,
  default_member_permissions: 1,
  dm_permission: 1,
  nsfw: 1,
  contexts: 1,
  integration_types: 1,
  handler: 1,
} as const satisfies Partial<Record<string, 1>>;

/** What the body of each kind of call may have. */
const knownFields = {
  create,
  edit,
  webhook,
  webhookEdit,
  thread,
  threadFromMessage,
  threadChange,
  command,
  dm: { recipient_id: 1, access_tokens: 1, nicks: 1 },
  callback: { type: 1, data: 1 },
  none: {},
} as const;

export type BodyKind = keyof typeof knownFields;

/** Fields inside an object, where a bot is most likely to invent one. */
const inside: Readonly<Record<string, Readonly<Record<string, 1>>>> = {
  allowed_mentions: { parse: 1, roles: 1, users: 1, replied_user: 1 } satisfies Names<APIAllowedMentions>,
  message_reference: {
    type: 1,
    message_id: 1,
    channel_id: 1,
    guild_id: 1,
    fail_if_not_exists: 1,
  } satisfies Names<RESTAPIMessageReference>,
  data: webhook,
};

/** Names that the platform does not have; the real server ignores them, a test should not. */
export function unknownFields(kind: BodyKind, body: unknown): string[] {
  if (Array.isArray(body)) {
    return body.flatMap((item, index) => unknownFields(kind, item).map((name) => `${index}.${name}`));
  }
  return unknownIn(body, knownFields[kind]);
}

function unknownIn(value: unknown, known: Readonly<Record<string, 1>>): string[] {
  if (!isFields(value)) return [];
  return Object.entries(value).flatMap(([name, field]) => {
    if (!Object.hasOwn(known, name)) return [name];
    const inner = inside[name];
    return inner === undefined ? [] : unknownIn(field, inner).map((unknown) => `${name}.${unknown}`);
  });
}
