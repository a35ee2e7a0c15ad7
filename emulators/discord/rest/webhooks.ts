import type { Call } from '../call.ts';
import { isLoading, removeMessage } from '../messages.ts';
import { Refusal, refuse } from '../refusal.ts';
import { viewMessage } from '../views/message.ts';
import type { InteractionState, StoredMessage } from '../world.ts';
import { writeReply } from './interactions.ts';
import { applyEdit } from './messages.ts';

export function createFollowUp(call: Call) {
  const { world, bot } = call;
  const interaction = liveInteraction(call);
  const { original } = interaction;
  // The first follow-up to a deferred answer takes the place of "thinking".
  if (original !== undefined && !original.deleted && isLoading(original)) {
    applyEdit(call, original);
    return viewMessage(world, original, bot);
  }
  const stored = writeReply(call, interaction);
  interaction.followUps.push(stored);
  return viewMessage(world, stored, bot);
}

export function getReply(call: Call) {
  return viewMessage(call.world, replyIn(call), call.bot);
}

export function editReply(call: Call) {
  const stored = replyIn(call);
  applyEdit(call, stored);
  return viewMessage(call.world, stored, call.bot);
}

export function deleteReply(call: Call): undefined {
  removeMessage(call.world, replyIn(call));
}

/** The interaction of the path, while its token holds and once it has been answered. */
function liveInteraction({ world, bot, interaction, params, options }: Call): InteractionState {
  if (interaction === undefined) throw refuse(50027);
  if (params.application !== bot.user.id) throw refuse(10015);
  if (world.now() - interaction.createdAtMs > options.interactionLifeMs) throw refuse(50027);
  if (interaction.answered === undefined) throw refuse(10015);
  if (!world.channels.has(interaction.channel.id)) throw refuse(10003);
  if (interaction.channel.thread?.archived === true) throw new Refusal(403, 50083, 'Thread is archived');
  return interaction;
}

function replyIn(call: Call): StoredMessage {
  const { original, followUps } = liveInteraction(call);
  const { message } = call.params;
  const own = [...(original === undefined ? [] : [original]), ...followUps];
  const found = message === '@original' ? original : own.find(({ id }) => id === message);
  if (found === undefined || found.deleted) throw refuse(10008);
  return found;
}
