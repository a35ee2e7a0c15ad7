import type { Call } from './call.ts';
import { isAllowed, type Permission } from './permissions.ts';
import { Refusal, refuse } from './refusal.ts';
import { type ChannelState, channelTypes, isDm, isThread, liveMessage, type StoredMessage } from './world.ts';

/** The channel in the path, if the bot may see it. */
export function seenChannel({ world, bot, params }: Call): ChannelState {
  const channel = world.channels.get(params.channel ?? '');
  if (channel === undefined) throw refuse(10003);
  if (!isAllowed(channel, bot.user.id, 'viewChannel')) throw refuse(50001);
  return channel;
}

/** The same, if the bot may write there now. */
export function writableChannel(call: Call): ChannelState {
  const channel = seenChannel(call);
  const { category, forum } = channelTypes;
  if (channel.type === category || channel.type === forum) throw refuse(50008);
  requirePermission(call, channel, isThread(channel) ? 'sendMessagesInThreads' : 'sendMessages');
  if (isDm(channel)) requireOpenDm(call, channel);
  if (channel.thread?.locked === true && !isAllowed(channel, call.bot.user.id, 'manageThreads')) {
    throw refuse(160005);
  }
  return channel;
}

export function requirePermission({ bot }: Call, channel: ChannelState, permission: Permission): void {
  if (!isAllowed(channel, bot.user.id, permission)) throw refuse(50013);
}

function requireOpenDm({ world }: Call, channel: ChannelState) {
  if ([...channel.recipients.keys()].some((id) => world.closedToDms.has(id))) throw refuse(50007);
}

/** The message in the path. An ephemeral one is not to be had by way of its channel. */
export function seenMessage(call: Call, channel: ChannelState): StoredMessage {
  if (!isDm(channel)) requireHistory(call, channel);
  const stored = liveMessage(channel, call.params.message ?? '');
  if (stored === undefined || stored.visibleTo !== undefined) throw refuse(10008);
  return stored;
}

function requireHistory(call: Call, channel: ChannelState) {
  if (isThread(channel) || isAllowed(channel, call.bot.user.id, 'readMessageHistory')) return;
  if (
    call.params.message !== undefined &&
    liveMessage(channel, call.params.message)?.author === call.bot.user
  )
    return;
  requirePermission(call, channel, 'readMessageHistory');
}

/** What is in an archived thread cannot be changed. */
export function requireActive(channel: ChannelState): void {
  if (channel.thread?.archived === true) throw new Refusal(400, 50083, 'Thread is archived');
}
