import type { Enclosure, InboundMessage } from '../../src/core/message.ts';
import { name } from './name.ts';
import type { ChatBody } from './shapes.ts';

/** Who asks, where, and in which language they read. */
export interface Asker {
  readonly session: string;
  readonly user: string;
  readonly locale: string | undefined;
}

/** What a message is called in the mailbox. */
export const idOf = (message: string): string => `${name}:${message}`;

export function toInbound(
  text: string,
  message: string,
  { session, user, locale }: Asker,
  enclosure: Enclosure = {},
): InboundMessage {
  return {
    id: idOf(message),
    author: { id: user, name: user, ...(locale && { locale }) },
    text,
    attachments: [],
    addressed: 'direct',
    target: { platform: name, bot: name, channel: session, replyTo: message },
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
