import { conversationKey } from '../../src/core/addressing.ts';
import type { Enclosure, InboundMessage } from '../../src/core/message.ts';
import { name } from './name.ts';
import type { ChatBody } from './shapes.ts';

/** A conversation, and whose it is: another owner's session of the same name is another one. */
export interface Place {
  readonly owner: string;
  readonly session: string;
}

/** Who asks, where, and in which language they read. */
export interface Asker extends Place {
  readonly user: string;
  readonly locale: string | undefined;
}

/** What a message is called in the mailbox. */
export const idOf = (message: string): string => `${name}:${message}`;

/** An owner has no slash. */
const channelOf = ({ owner, session }: Place): string => `${owner}/${session}`;

/** What a session's line in the mailbox, and its conversation, are called. */
export const keyOf = (place: Place): string =>
  conversationKey(toInbound('', '', { ...place, user: '', locale: undefined }), 'personal');

/** Whose session it is that a conversation key is of; undefined for one of another platform. */
export function ownerIn(key: string): string | undefined {
  const [platform, , channel = ''] = key.split(':').map(decodeURIComponent);
  return platform === name ? channel.split('/', 1)[0] : undefined;
}

export function toInbound(
  text: string,
  message: string,
  { user, locale, ...place }: Asker,
  enclosure: Enclosure = {},
): InboundMessage {
  return {
    id: idOf(message),
    author: { id: user, ...(locale && { locale }) },
    text,
    attachments: [],
    addressed: 'direct',
    target: { platform: name, bot: name, channel: channelOf(place), replyTo: message },
    sentAt: Date.now(),
    isByProgram: true,
    ...(Object.keys(enclosure).length > 0 && { enclosure }),
  };
}

export const questionIn = ({ message, messages }: ChatBody): string =>
  message ?? messages?.at(-1)?.content ?? '';

export function enclosureIn(
  { messages, conversation_id: conversationId, custom_variables: variables }: ChatBody,
  files: NonNullable<Enclosure['files']>,
): Enclosure {
  const context = (messages ?? []).slice(0, -1).map(({ role, content: text }) => ({ role, text }));
  return {
    ...(context.length > 0 && { context }),
    ...(files.length > 0 && { files }),
    ...(conversationId && { conversationId }),
    ...(variables && { variables }),
  };
}

/** The first language that a browser asks for. */
export const localeIn = (acceptLanguage: string | undefined): string | undefined =>
  /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*/.exec(acceptLanguage?.trim() ?? '')?.[0];
