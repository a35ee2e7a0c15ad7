import { requirePermission, seenChannel, writableChannel } from '../access.ts';
import { type Call, fieldsOf } from '../call.ts';
import { createChannel, createDm } from '../channels.ts';
import { choice, createForm, invalid, text } from '../forms/form.ts';
import { addMessage, setThreadState, tellOfUpdate } from '../messages.ts';
import { refuse } from '../refusal.ts';
import { isSnowflake } from '../snowflake.ts';
import { viewChannel } from '../views/channel.ts';
import { messageFlags, messageTypes } from '../views/message.ts';
import { type ChannelState, channelTypes, isThread, liveMessage, threadTypes } from '../world.ts';

export const getChannel = (call: Call) => viewChannel(seenChannel(call), call.bot);

export function startTyping(call: Call): undefined {
  const { world, bot } = call;
  const channel = writableChannel(call);
  channel.typing.push({ at: world.now(), userId: bot.user.id });
}

export function openDm(call: Call) {
  const { world, bot } = call;
  const id = String(fieldsOf(call).recipient_id ?? '');
  if (!isSnowflake(id)) {
    throw invalid('recipient_id', 'NUMBER_TYPE_COERCE', `Value "${id}" is not snowflake.`);
  }
  const person = world.users.get(id);
  if (person === undefined || person.bot === true) throw refuse(50033);
  return viewChannel(createDm(world, bot, person), bot);
}

/** Begins a thread that no message stands for; it is private unless it says otherwise. */
export function startThread(call: Call) {
  const { world, bot } = call;
  const parent = seenChannel(call);
  const type = Number(fieldsOf(call).type ?? threadTypes.private);
  const thread = createThread(call, parent, { id: world.nextId(), type });
  if (type !== threadTypes.private) {
    addMessage(world, parent, {
      author: bot.user,
      type: messageTypes.threadCreated,
      content: thread.name,
      reference: { type: 0, channel_id: thread.id },
    });
  }
  return viewChannel(thread, bot);
}

/** Begins a thread from a message, whose id it shares. */
export function startThreadFromMessage(call: Call) {
  const { world, bot } = call;
  const parent = seenChannel(call);
  requirePermission(call, parent, 'readMessageHistory');
  const message = liveMessage(parent, call.params.message ?? '');
  if (message === undefined) throw refuse(10008);
  if (message.thread !== undefined) throw refuse(160004);
  const thread = createThread(call, parent, { id: message.id, type: threadTypes.public });
  message.thread = thread;
  message.flags |= messageFlags.hasThread;
  tellOfUpdate(world, message);
  addMessage(world, thread, {
    author: bot.user,
    type: messageTypes.threadStarter,
    reference: { type: 0, channel_id: parent.id, message_id: message.id },
  });
  return viewChannel(thread, bot);
}

const archiveMinutes = [60, 1440, 4320, 10080];

function createThread(call: Call, parent: ChannelState, { id, type }: { id: string; type: number }) {
  const { world, bot } = call;
  const { text: plain, announcement } = channelTypes;
  if (parent.type !== plain && parent.type !== announcement) throw refuse(50024);
  const { name, auto_archive_duration: minutes = 1440 } = fieldsOf(call);
  const form = createForm();
  text(form, 'name', name, 100, 1);
  choice(form, 'type', type, Object.values(threadTypes));
  choice(form, 'auto_archive_duration', minutes, archiveMinutes);
  form.check();
  const isPrivate = type === threadTypes.private;
  requirePermission(call, parent, isPrivate ? 'createPrivateThreads' : 'createPublicThreads');
  call.status = 201;
  return createChannel(world, {
    id,
    type: parent.type === announcement ? threadTypes.announcement : type,
    name: String(name),
    guild: parent.guild,
    parent,
    ownerId: bot.user.id,
    autoArchiveMinutes: Number(minutes),
  });
}

/** Of a channel only a thread's state can be changed here. */
export function changeThread(call: Call) {
  const channel = seenChannel(call);
  if (!isThread(channel)) throw refuse(50013);
  const { archived, locked } = fieldsOf(call);
  const own = channel.thread?.ownerId === call.bot.user.id;
  const onlyReopens = archived === false && locked === undefined && channel.thread?.locked !== true;
  if (!own && !onlyReopens) requirePermission(call, channel, 'manageThreads');
  if (channel.thread?.archived === true && archived !== false) throw refuse(50083);
  setThreadState(call.world, channel, {
    ...(typeof archived === 'boolean' && { archived }),
    ...(typeof locked === 'boolean' && { locked }),
  });
  return viewChannel(channel, call.bot);
}
