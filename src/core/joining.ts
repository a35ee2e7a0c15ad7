import type { InboundMessage, Piece } from './message.ts';

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
      ...wholeOf([first, next]),
      pieces: [...piecesOf(first), ...piecesOf(next)],
    },
    now,
  );
}

/** A message that waits, or the piece of it that was edited, with its newer text; undefined if it is not about either. */
export function amended(waiting: InboundMessage, edited: InboundMessage): InboundMessage | undefined {
  const { id } = edited.edits ?? edited;
  const pieces = piecesOf(waiting);
  if (!pieces.some((piece) => piece.id === id)) return undefined;
  const parts = pieces.map((piece, index) => (piece.id === id ? edited : partOf(waiting, pieces, index)));
  return {
    ...waiting,
    ...wholeOf(parts),
    ...(waiting.pieces && {
      pieces: parts.map(({ text, attachments }, index) => ({
        id: pieces[index]?.id ?? '',
        length: text.length,
        attachments: attachments.length,
      })),
    }),
  };
}

type Part = Pick<InboundMessage, 'text' | 'attachments'>;

function piecesOf({ id, edits, text, attachments, pieces }: InboundMessage): readonly Piece[] {
  return pieces ?? [{ id: edits?.id ?? id, length: text.length, attachments: attachments.length }];
}

function partOf(whole: InboundMessage, pieces: readonly Piece[], index: number): Part {
  const before = pieces.slice(0, index);
  const piece = pieces[index] as Piece;
  const start = before.reduce((sum, { length }) => sum + (length && length + 1), 0);
  const first = before.reduce((sum, { attachments }) => sum + attachments, 0);
  return {
    text: whole.text.slice(start, start + piece.length),
    attachments: whole.attachments.slice(first, first + piece.attachments),
  };
}

function wholeOf(parts: readonly Part[]): Part {
  return {
    text: parts
      .map(({ text }) => text)
      .filter(Boolean)
      .join('\n'),
    attachments: parts.flatMap(({ attachments }) => attachments),
  };
}

function isRest(first: InboundMessage, next: InboundMessage): boolean {
  if (first.author.id !== next.author.id || first.text.length + next.text.length > longestText) return false;
  if (next.edits || next.pressed !== undefined) return false;
  if (first.album !== undefined || next.album !== undefined) return first.album === next.album;
  return first.isCut === true;
}
