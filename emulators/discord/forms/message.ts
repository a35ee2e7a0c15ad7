import type { APIEmbed, APIMessageTopLevelComponent } from 'discord.js';
import { messageFlags } from '../views/message.ts';
import { type AllowedMentions, readAllowedMentions } from './allowed-mentions.ts';
import { readComponents } from './components.ts';
import { readEmbeds } from './embeds.ts';
import { createForm, type Fields, type Form, isFields, list, text } from './form.ts';

const maxContentLength = 2000;
const maxNonceLength = 25;

/** A message as a bot has asked for it; what it did not name is undefined. */
export interface MessageForm {
  readonly content: string | undefined;
  readonly embeds: readonly APIEmbed[] | undefined;
  readonly components: readonly APIMessageTopLevelComponent[] | undefined;
  readonly flags: number | undefined;
  readonly allowedMentions: AllowedMentions;
  readonly nonce: string | number | undefined;
  readonly enforceNonce: boolean;
  readonly reference: MessageReferenceForm | undefined;
  /** Attachments to keep, and descriptions of the new ones. */
  readonly attachments: readonly Fields[] | undefined;
}

interface MessageReferenceForm {
  readonly messageId: string;
  readonly channelId: string | undefined;
  readonly failIfNotExists: boolean;
}

/** Reads and checks a body; `wasV2` when the edited message has the components-v2 flag already. */
export function readMessageForm(body: Fields, { wasV2 = false } = {}): MessageForm {
  const form = createForm();
  const flags = typeof body.flags === 'number' ? body.flags : undefined;
  const isV2 = wasV2 || ((flags ?? 0) & messageFlags.componentsV2) !== 0;
  text(form, 'content', body.content, maxContentLength);
  if (isV2) forbidOldLayout(form, body);
  const read = {
    content: optional(body.content, (content) => String(content ?? '').trim()),
    embeds: optional(body.embeds, (embeds) => readEmbeds(form, embeds)),
    components: optional(body.components, (components) => readComponents(form, components, isV2)),
    flags,
    allowedMentions: readAllowedMentions(form, body.allowed_mentions),
    nonce: readNonce(form, body.nonce),
    enforceNonce: body.enforce_nonce === true,
    reference: readReference(form, body.message_reference),
    attachments: optional(body.attachments, (attachments) => list(form, 'attachments', attachments)),
  };
  form.check();
  return read;
}

const optional = <T>(value: unknown, read: (value: unknown) => T) =>
  value === undefined ? undefined : read(value);

function forbidOldLayout(form: Form, body: Fields) {
  for (const field of ['content', 'embeds', 'sticker_ids', 'poll']) {
    const value = body[field];
    if (value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0))
      continue;
    const message = `The '${field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`;
    form.fail(field, 'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2', message);
  }
}

function readNonce(form: Form, nonce: unknown): string | number | undefined {
  if (nonce === undefined || nonce === null) return undefined;
  if (typeof nonce !== 'string' && !Number.isInteger(nonce)) {
    form.fail('nonce', 'NONCE_TYPE_COERCE', 'Only string or integer types are valid nonces.');
    return undefined;
  }
  text(form, 'nonce', String(nonce), maxNonceLength);
  return nonce as string | number;
}

function readReference(form: Form, reference: unknown): MessageReferenceForm | undefined {
  if (!isFields(reference)) return undefined;
  const { message_id, channel_id, fail_if_not_exists } = reference;
  text(form, 'message_reference.message_id', message_id, 20, 1);
  return {
    messageId: String(message_id),
    channelId: channel_id === undefined ? undefined : String(channel_id),
    failIfNotExists: fail_if_not_exists !== false,
  };
}
