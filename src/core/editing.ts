import type { InboundMessage } from './message.ts';

/** A question can be asked in other words for so long, if nothing was asked after it. */
const editableForMs = 5 * 60 * 1_000;

/** The message as it was first written, whatever has become of it. */
const originalOf = ({ id, edits }: Pick<InboundMessage, 'id' | 'edits'>): string => edits?.id ?? id;

/** Whether an edit can count: it came in time, and is no piece of something longer. */
export function isEditable({ sentAt, edits, isCut }: InboundMessage): boolean {
  return edits !== undefined && !isCut && sentAt - edits.sentAt < editableForMs;
}

/** Whether it asks something else than this message, of which it is the newer text. */
export function rephrases(edit: InboundMessage, message: InboundMessage | undefined): boolean {
  return message !== undefined && originalOf(message) === originalOf(edit) && message.text !== edit.text;
}
