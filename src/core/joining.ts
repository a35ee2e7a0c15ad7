import type { InboundMessage } from './message.ts';

/** How long the rest of a text is waited for that its writer's app may have cut in pieces. */
const restMs = 1_500;

/** How long the next part of an album is waited for. */
const albumMs = 1_000;

/** More than that is no longer one question. */
const longestText = 100_000;

/** What a message is when it comes: open if more of the same question may follow. */
export function opened(message: InboundMessage, now: number): InboundMessage {
  const { openUntil: _, ...closed } = message;
  const waitMs = message.album !== undefined ? albumMs : message.isCut ? restMs : 0;
  return waitMs > 0 ? { ...closed, openUntil: now + waitMs } : closed;
}

/** How much longer it has to be waited for its rest; never longer than one wait, whatever the clocks say. */
export function openForMs({ openUntil = 0 }: InboundMessage, now: number): number {
  return Math.min(Math.max(openUntil - now, 0), restMs);
}

/** The one question that two messages are, if the second is the rest of the first, which must still be open. */
export function join(first: InboundMessage, next: InboundMessage, now: number): InboundMessage | undefined {
  if (openForMs(first, now) === 0 || !isRest(first, next)) return undefined;
  const { isCut: _, openUntil: __, ...joined } = first;
  return opened(
    {
      ...joined,
      ...(next.isCut && { isCut: true }),
      text: [first.text, next.text].filter(Boolean).join('\n'),
      attachments: [...first.attachments, ...next.attachments],
    },
    now,
  );
}

function isRest(first: InboundMessage, next: InboundMessage): boolean {
  if (first.author.id !== next.author.id || first.text.length + next.text.length > longestText) return false;
  if (next.edits || next.pressed !== undefined) return false;
  if (first.album !== undefined || next.album !== undefined) return first.album === next.album;
  return first.isCut === true;
}
