import { amended } from './joining.ts';
import type { InboundMessage } from './message.ts';

/** A question can be asked in other words for so long, if nothing was asked after it. */
const editableForMs = 5 * 60 * 1_000;

/** Whether an edit came in time. */
export function isInTime({ sentAt, edits }: InboundMessage): boolean {
  return edits !== undefined && sentAt - edits.sentAt < editableForMs;
}

/** The question that the last one has become by an edit of it, or of a piece of it; undefined if it is still the same. */
export function rephrased(edit: InboundMessage, last: InboundMessage): InboundMessage | undefined {
  const whole = amended(last, edit);
  if (!whole || whole.text === last.text) return undefined;
  const { text, attachments, pieces } = whole;
  const edits = { id: originalOf(last), sentAt: edit.edits?.sentAt ?? edit.sentAt };
  return { ...edit, text, attachments, ...(pieces && { pieces }), edits };
}

/** Whether this is the newer text of that message. */
export function rephrases(question: InboundMessage, message: InboundMessage): boolean {
  return originalOf(message) === originalOf(question) && message.text !== question.text;
}

/** The message as it was first written, whatever has become of it. */
const originalOf = ({ id, edits }: InboundMessage): string => edits?.id ?? id;
