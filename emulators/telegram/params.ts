import type { ApiMethods, Opts } from 'grammy/types';
import { badRequest } from './refusal.ts';
import { type Params, type ReadRequest, requireUtf8 } from './request.ts';

/** Every parameter that a method has in the Bot API. The compiler holds it equal to the published types. */
type Legal = { readonly [M in keyof ApiMethods]?: Readonly<Record<keyof Opts<M>, 1>> };

const place = { business_connection_id: 1, chat_id: 1, message_thread_id: 1 } as const;
const format = { parse_mode: 1, entities: 1 } as const;
const edited = {
  business_connection_id: 1,
  chat_id: 1,
  message_id: 1,
  inline_message_id: 1,
  reply_markup: 1,
} as const;
const caption = { caption: 1, parse_mode: 1, caption_entities: 1 } as const;
const draft = { chat_id: 1, message_thread_id: 1, draft_id: 1, can_stop: 1, keep_on_stop: 1 } as const;
const sendingRich = {
  ...place,
  direct_messages_topic_id: 1,
  ephemeral_message_parameters: 1,
  disable_notification: 1,
  protect_content: 1,
  allow_paid_broadcast: 1,
  suggested_post_parameters: 1,
  message_effect_id: 1,
  reply_parameters: 1,
  reply_markup: 1,
} as const;
const sending = { ...sendingRich, reply_to_message_id: 1 } as const;

const legal = {
  getMe: {},
  getUpdates: { offset: 1, limit: 1, timeout: 1, allowed_updates: 1 },
  setWebhook: {
    url: 1,
    certificate: 1,
    ip_address: 1,
    max_connections: 1,
    allowed_updates: 1,
    drop_pending_updates: 1,
    secret_token: 1,
  },
  deleteWebhook: { drop_pending_updates: 1 },
  getWebhookInfo: {},
  sendMessage: { ...sending, ...format, text: 1, link_preview_options: 1 },
  sendRichMessage: { ...sendingRich, rich_message: 1 },
  sendDocument: { ...sending, ...caption, document: 1, thumbnail: 1, disable_content_type_detection: 1 },
  sendMessageDraft: { ...draft, ...format, text: 1 },
  sendRichMessageDraft: { ...draft, rich_message: 1 },
  sendChatAction: { ...place, action: 1 },
  editMessageText: { ...edited, ...format, text: 1, link_preview_options: 1, rich_message: 1 },
  editMessageCaption: { ...edited, ...caption, show_caption_above_media: 1 },
  editMessageReplyMarkup: edited,
  deleteMessage: { chat_id: 1, message_id: 1 },
  setMessageReaction: { chat_id: 1, message_id: 1, reaction: 1, is_big: 1 },
  answerCallbackQuery: { callback_query_id: 1, text: 1, show_alert: 1, url: 1, cache_time: 1 },
  setMyCommands: { commands: 1, scope: 1, language_code: 1 },
  getMyCommands: { scope: 1, language_code: 1 },
  deleteMyCommands: { scope: 1, language_code: 1 },
  getChat: { chat_id: 1 },
  getChatMember: { chat_id: 1, user_id: 1 },
  getChatAdministrators: { chat_id: 1, return_bots: 1 },
} as const satisfies Legal;

/** The methods that this server carries out. */
export type MethodName = keyof typeof legal;

/** Fields inside an object parameter, where a bot is most likely to invent one. */
const legalInside: Readonly<Record<string, readonly string[]>> = {
  reply_parameters: [
    'message_id',
    'chat_id',
    'ephemeral_message_id',
    'checklist_task_id',
    'poll_option_id',
    'allow_sending_without_reply',
    'quote',
    'quote_parse_mode',
    'quote_entities',
    'quote_position',
  ],
  rich_message: ['blocks', 'html', 'markdown', 'media', 'is_rtl', 'skip_entity_detection'],
  link_preview_options: ['is_disabled', 'url', 'prefer_small_media', 'prefer_large_media', 'show_above_text'],
};

/** Names that the platform does not have; the real server ignores them, a test should not. */
export function unknownParams(method: MethodName, params: Params, files: ReadRequest['files']): string[] {
  const attached = (name: string) => Object.values(params).some((text) => text.includes(`attach://${name}`));
  const names = [...Object.keys(params), ...[...files.keys()].filter((name) => !attached(name))].filter(
    (name) => !Object.hasOwn(legal[method], name),
  );
  const inside = Object.entries(legalInside).flatMap(([name, fields]) => {
    if (params[name] === undefined) return [];
    const value = parseObject(params[name]);
    return Object.keys(value ?? {})
      .filter((field) => !fields.includes(field))
      .map((field) => `${name}.${field}`);
  });
  return [...names, ...inside];
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** An object or array parameter; undefined when absent. */
export function json(params: Params, name: string): unknown {
  const text = params[name];
  if (text === undefined || text === '') return undefined;
  const value: unknown = parse(text, name) ?? undefined;
  JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === 'string') requireUtf8(inner);
    return inner;
  });
  return value;
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(`can't parse ${name.replaceAll('_', ' ')} JSON object`);
  }
}

/** An object parameter, as its fields. */
export function fields(params: Params, name: string): Record<string, unknown> | undefined {
  const value = json(params, name);
  if (value === undefined) return undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badRequest(`object expected as ${name.replaceAll('_', ' ')}`);
  }
  return { ...value };
}

/** As lenient as the server: what is no number counts as absent. */
export function integer(params: Params, name: string): number | undefined {
  const text = params[name];
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined;
}

export function flag(params: Params, name: string): boolean {
  return ['true', 'yes', '1'].includes((params[name] ?? '').toLowerCase());
}

export function messageId(params: Params): number {
  if ((params.message_id ?? '') === '') throw badRequest('message identifier is not specified');
  const id = integer(params, 'message_id');
  if (id === undefined || id <= 0) throw badRequest('invalid message identifier specified');
  return id;
}
