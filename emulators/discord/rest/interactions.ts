import { storeUploads } from '../attachments.ts';
import type { Call } from '../call.ts';
import { choice, createForm, type Fields, isFields } from '../forms/form.ts';
import { readMessageForm } from '../forms/message.ts';
import { addMessage, isEmpty } from '../messages.ts';
import { Refusal, refuse } from '../refusal.ts';
import { messageFlags, messageTypes, viewMessage } from '../views/message.ts';
import type { InteractionState, StoredMessage } from '../world.ts';
import { applyEdit, requireCleanWords } from './messages.ts';

const callbackTypes = { message: 4, deferred: 5, deferredUpdate: 6, update: 7 } as const;

const settable =
  messageFlags.suppressEmbeds |
  messageFlags.ephemeral |
  messageFlags.suppressNotifications |
  messageFlags.componentsV2;

/** The one first answer to an interaction, within its 3 seconds. */
export function answerInteraction(call: Call) {
  const { world, interaction, params, options, query } = call;
  if (interaction === undefined || interaction.id !== params.interaction) throw refuse(10062);
  if (interaction.answered !== undefined) throw refuse(40060);
  if (world.now() - interaction.createdAtMs > options.interactionAnswerMs) throw refuse(10062);
  const { type, data } = readCallback(call, interaction);
  if (interaction.channel.thread?.locked === true && interaction.channel.thread.archived) {
    throw new Refusal(403, 50083, 'Thread is archived');
  }
  const carried = { ...call, body: data };
  inData(() => carryOut(carried, interaction, type));
  interaction.answered = { at: world.now(), type };
  if (query.get('with_response') !== 'true') return undefined;
  return describe(call, interaction, type);
}

function carryOut(carried: Call, interaction: InteractionState, type: number): void {
  if (type === callbackTypes.message) interaction.original = writeReply(carried, interaction);
  else if (type === callbackTypes.deferred) interaction.original = defer(carried, interaction);
  else interaction.original = interaction.source;
  if (type === callbackTypes.update && interaction.source !== undefined)
    applyEdit(carried, interaction.source);
}

// What is wrong with an answer is named from the outside: it stands in `data`.
function inData(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof Refusal) || error.errors === undefined) throw error;
    throw new Refusal(error.status, error.code, error.message, { data: error.errors });
  }
}

function readCallback({ body }: Call, { source }: InteractionState): { type: number; data: Fields } {
  const { type, data } = isFields(body) ? body : {};
  const form = createForm();
  const { message, deferred } = callbackTypes;
  choice(form, 'type', type, source === undefined ? [message, deferred] : Object.values(callbackTypes));
  form.check();
  return { type: Number(type), data: isFields(data) ? data : {} };
}

function defer({ world, bot, body }: Call, interaction: InteractionState): StoredMessage {
  // Of all flags a deferred answer may only be ephemeral.
  const ephemeral = Number((body as Fields).flags ?? 0) & messageFlags.ephemeral;
  return addMessage(world, interaction.channel, {
    author: bot.user,
    type: replyType(interaction),
    flags: messageFlags.loading | ephemeral,
    interaction,
    visibleTo: ephemeral === 0 ? undefined : interaction.user.id,
    reference: referenceTo(interaction),
  });
}

/** Writes a new message in an interaction's name: the first answer or a follow-up. */
export function writeReply(call: Call, interaction: InteractionState): StoredMessage {
  const { world, bot, body, files } = call;
  const form = readMessageForm(isFields(body) ? body : {});
  if (files.length === 0 && isEmpty(form)) throw refuse(50006);
  requireCleanWords(interaction.channel, form);
  const flags = (form.flags ?? 0) & settable;
  return addMessage(world, interaction.channel, {
    author: bot.user,
    type: replyType(interaction),
    content: form.content,
    embeds: form.embeds,
    components: form.components,
    attachments: storeUploads(world, interaction.channel.id, files, form.attachments),
    flags,
    allowed: form.allowedMentions,
    interaction,
    visibleTo: (flags & messageFlags.ephemeral) === 0 ? undefined : interaction.user.id,
    reference: referenceTo(interaction),
  });
}

// An answer to a button answers the message that it is on, and a follow-up the first answer.
const replyType = ({ source, original }: InteractionState) =>
  source === undefined && original === undefined ? messageTypes.command : messageTypes.reply;

function referenceTo({ source, original }: InteractionState) {
  const answered = original ?? source;
  return answered && { type: 0, channel_id: answered.channel.id, message_id: answered.id };
}

function describe({ world, bot }: Call, interaction: InteractionState, type: number) {
  const { original, source } = interaction;
  const isNew = original !== undefined && original !== source;
  return {
    interaction: {
      id: interaction.id,
      type: interaction.command === undefined ? 3 : 2,
      ...(isNew && {
        response_message_id: original.id,
        response_message_loading: (original.flags & messageFlags.loading) !== 0,
        response_message_ephemeral: original.visibleTo !== undefined,
      }),
    },
    resource: {
      type,
      ...(original &&
        type !== callbackTypes.deferredUpdate && { message: viewMessage(world, original, bot) }),
    },
  };
}
