import type { InboundMessage, ReplyTarget } from './message.ts';

/** Who shares a conversation in a channel or group: each person has their own, or everybody there has one. */
export type GroupContext = 'personal' | 'shared';

/**
 * Who shares one conversation: in private, the person; in a thread or topic, everyone in it; in a channel or
 * group, as `groupContext` says.
 */
export function conversationKey(message: InboundMessage, groupContext: GroupContext): string {
  const { thread } = message.target;
  const place = [...placeOf(message.target), ...(thread === undefined ? [] : [`thread=${thread}`])];
  const together = message.addressed === 'direct' || thread !== undefined || groupContext === 'shared';
  return [...place, ...(together ? [] : [`person=${message.author.id}`])].map(encodeURIComponent).join(':');
}

/** A channel that was given another name keeps its conversations. */
const placeOf = ({ platform, bot, channel, formerly = channel }: ReplyTarget) => [platform, bot, formerly];

/** Whether a message's conversation is its author's alone. */
export function isPersonal(key: string, message: InboundMessage): boolean {
  if (message.addressed === 'direct') return true;
  return message.target.thread === undefined && key === conversationKey(message, 'personal');
}

/** Whether this is a person's own conversation in the channel or group of the message, whosesoever it is. */
export function isPersonalThere(key: string, { target }: InboundMessage): boolean {
  if (target.thread !== undefined) return false;
  return key.startsWith(`${placeOf(target).map(encodeURIComponent).join(':')}:person%3D`);
}

const control = 'control:';

/** The mailbox key of a conversation's commands: they do not wait behind its questions. */
export const controlKey = (key: string): string => control + key;

export const isControlKey = (key: string): boolean => key.startsWith(control);

/** The conversation that a mailbox key is about. */
export const conversationOf = (key: string): string => (isControlKey(key) ? key.slice(control.length) : key);
