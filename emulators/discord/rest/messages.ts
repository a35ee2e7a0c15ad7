import type { APIMessageReference } from 'discord.js';
import { requireActive, requirePermission, seenChannel, seenMessage, writableChannel } from '../access.ts';
import { keptAttachments, storeUploads } from '../attachments.ts';
import { type Call, fieldsOf } from '../call.ts';
import { invalid } from '../forms/form.ts';
import { type MessageForm, readMessageForm } from '../forms/message.ts';
import { addMessage, changeMessage, isEmpty, removeMessage, reopen } from '../messages.ts';
import { isAllowed } from '../permissions.ts';
import { refuse } from '../refusal.ts';
import { messageFlags, messageTypes, viewMessage } from '../views/message.ts';
import { type ChannelState, isDm, liveMessage, type StoredMessage } from '../world.ts';

const settable = messageFlags.suppressEmbeds | messageFlags.suppressNotifications | messageFlags.componentsV2;

export function createMessage(call: Call) {
  const { world, bot, files } = call;
  const channel = writableChannel(call);
  const form = readMessageForm(fieldsOf(call));
  const first = sameNonce(call, form);
  if (first?.deleted === true) throw refuse(10008);
  if (first !== undefined) return viewMessage(world, first, bot);
  if (files.length > 0) requirePermission(call, channel, 'attachFiles');
  if (files.length === 0 && isEmpty(form)) throw refuse(50006);
  requireCleanWords(channel, form);
  const reference = readReference(call, channel, form);
  reopen(world, channel);
  const stored = addMessage(world, channel, {
    ...form,
    author: bot.user,
    reference,
    flags: (form.flags ?? 0) & settable,
    allowed: form.allowedMentions,
    attachments: storeUploads(world, channel.id, files, form.attachments),
  });
  if (form.nonce !== undefined) world.nonces.set(`${bot.user.id} ${form.nonce}`, stored);
  return viewMessage(world, stored, bot);
}

/** The message that this bot has sent with the same nonce not long ago, in whatever channel. */
function sameNonce({ world, bot, options }: Call, { nonce, enforceNonce }: MessageForm) {
  if (!enforceNonce || nonce === undefined) return undefined;
  const first = world.nonces.get(`${bot.user.id} ${nonce}`);
  return first !== undefined && first.createdAtMs >= world.now() - options.nonceLifeMs ? first : undefined;
}

export function requireCleanWords(channel: ChannelState, { content = '' }: MessageForm): void {
  const { blockedWords } = channel.parent ?? channel;
  if (blockedWords.some((word) => content.toLowerCase().includes(word.toLowerCase()))) throw refuse(200000);
}

function readReference(call: Call, channel: ChannelState, { reference }: MessageForm) {
  if (reference === undefined) return undefined;
  if (!isAllowed(channel, call.bot.user.id, 'readMessageHistory')) throw refuse(160002);
  const { messageId, channelId = channel.id, failIfNotExists } = reference;
  const found = liveMessage(channel, messageId);
  if (channelId !== channel.id) {
    throw invalid(
      'message_reference',
      'REPLIES_CANNOT_REFERENCE_OTHER_CHANNEL',
      'Cannot reply to a message in a different channel',
    );
  }
  if (found === undefined || found.visibleTo !== undefined) {
    if (!failIfNotExists) return undefined;
    throw invalid('message_reference', 'MESSAGE_REFERENCE_UNKNOWN_MESSAGE', 'Unknown message');
  }
  if (isSystem(found)) {
    throw invalid(
      'message_reference',
      'REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE',
      'Cannot reply to a system message',
    );
  }
  return {
    type: 0,
    message_id: messageId,
    channel_id: channel.id,
    ...(channel.guild && { guild_id: channel.guild.id }),
  } satisfies APIMessageReference;
}

const isSystem = ({ type }: StoredMessage) =>
  type === messageTypes.threadCreated || type === messageTypes.threadStarter;

export function editMessage(call: Call) {
  const { world, bot } = call;
  const channel = seenChannel(call);
  const stored = seenMessage(call, channel);
  if (stored.author.id !== bot.user.id) throw refuse(50005);
  requireActive(channel);
  applyEdit(call, stored);
  return viewMessage(world, stored, bot);
}

/** What every way of editing has in common. */
export function applyEdit(call: Call, stored: StoredMessage): void {
  const { world, files } = call;
  const body = fieldsOf(call);
  const wasV2 = (stored.flags & messageFlags.componentsV2) !== 0;
  const form = readMessageForm(body, { wasV2 });
  const kept = keptAttachments(stored.attachments, form.attachments);
  const after = {
    content: form.content ?? stored.content,
    embeds: form.embeds ?? stored.embeds,
    components: form.components ?? stored.components,
    attachments: [...kept, ...storeUploads(world, stored.channel.id, files, form.attachments)],
  };
  if (isEmpty(after) && after.attachments.length === 0) throw refuse(50006);
  requireCleanWords(stored.channel, form);
  const { suppressEmbeds, componentsV2, loading } = messageFlags;
  const asked = form.flags ?? stored.flags;
  const keptFlags = stored.flags & ~suppressEmbeds & ~loading;
  changeMessage(world, stored, {
    ...after,
    flags: keptFlags | (asked & (suppressEmbeds | componentsV2)),
    allowed: form.allowedMentions,
  });
}

export function deleteMessage(call: Call): undefined {
  const channel = seenChannel(call);
  const stored = seenMessage(call, channel);
  requireActive(channel);
  if (stored.author.id !== call.bot.user.id) {
    if (isDm(channel)) throw refuse(50003);
    requirePermission(call, channel, 'manageMessages');
  }
  removeMessage(call.world, stored);
}

export function getMessage(call: Call) {
  return viewMessage(call.world, seenMessage(call, seenChannel(call)), call.bot);
}

const newestFirst = (one: StoredMessage, other: StoredMessage) =>
  BigInt(other.id) > BigInt(one.id) ? 1 : -1;

export function listMessages(call: Call) {
  const { world, bot, query } = call;
  const channel = seenChannel(call);
  const limit = Number(query.get('limit') ?? 50);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    throw invalid(
      'limit',
      limit > 100 ? 'NUMBER_TYPE_MAX' : 'NUMBER_TYPE_MIN',
      'int value should be between 1 and 100.',
    );
  }
  for (const name of ['around', 'before', 'after']) {
    const id = query.get(name) ?? '0';
    if (!/^\d{1,20}$/.test(id)) throw invalid(name, 'NUMBER_TYPE_COERCE', `Value "${id}" is not snowflake.`);
  }
  // Who may not read what was, is shown an empty channel.
  const all = isAllowed(channel, bot.user.id, 'readMessageHistory') ? [...channel.messages.values()] : [];
  const there = all.filter(({ deleted, visibleTo }) => !deleted && visibleTo === undefined).sort(newestFirst);
  return page(there, query, limit).map((stored) => viewMessage(world, stored, bot));
}

function page(newest: StoredMessage[], query: URLSearchParams, limit: number): StoredMessage[] {
  const [after, before, around] = ['after', 'before', 'around'].map((name) => query.get(name));
  if (around != null) {
    const at = newest.findIndex(({ id }) => BigInt(id) <= BigInt(around));
    return newest.slice(Math.max(0, at - Math.floor(limit / 2))).slice(0, limit);
  }
  if (before != null) return newest.filter(({ id }) => BigInt(id) < BigInt(before)).slice(0, limit);
  // The ones right after it, though still the newest of them first.
  if (after != null) return newest.filter(({ id }) => BigInt(id) > BigInt(after)).slice(-limit);
  return newest.slice(0, limit);
}
