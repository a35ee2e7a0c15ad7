import type { MessageRef, Part, ReplyTarget } from './message.ts';
import type { Sender } from './ports/platform.ts';

/** One write that brings the screen nearer to what should be on it; without a part, a message too many. */
export interface Write {
  readonly index: number;
  readonly part: Part | undefined;
  /** There is no message there yet. */
  readonly isNew: boolean;
}

interface Shown {
  readonly ref: MessageRef;
  /** Unknown for what an earlier attempt has posted. */
  readonly part: Part | undefined;
}

interface ScreenOptions {
  readonly sender: Sender;
  readonly target: ReplyTarget;
  /** No other reply has it; the same reply has it at each attempt. */
  readonly key: string;
  readonly posted?: readonly MessageRef[];
  readonly onPosted?: (refs: readonly MessageRef[]) => Promise<void>;
}

/** The messages of one reply, as the reader sees them. */
export interface Screen {
  readonly isEmpty: boolean;
  /** The first difference from `wanted`; surplus messages count only when the text is `complete`. */
  difference(wanted: readonly Part[], complete: boolean): Write | undefined;
  write(write: Write): Promise<void>;
  /** The reader deleted this message: it is posted anew when it is written next. False if there was none to delete. */
  deleted(index: number): boolean;
}

export function createScreen({ sender, target, key, posted = [], onPosted }: ScreenOptions): Screen {
  /** A message that was deleted comes back as another one. */
  let deletions = 0;
  const shown: (Shown | undefined)[] = posted.map((ref) => ({ ref, part: undefined }));

  return {
    get isEmpty() {
      return shown.length === 0;
    },
    difference(wanted, complete) {
      const index = wanted.findIndex((part, at) => !samePart(part, shown[at]?.part));
      if (index >= 0) return { index, part: wanted[index], isNew: !shown[index] };
      if (complete && sender.remove && shown.length > wanted.length)
        return { index: shown.length - 1, part: undefined, isNew: false };
      return undefined;
    },
    async write({ index, part }) {
      const old = shown[index];
      if (!part) {
        if (old) await sender.remove?.(old.ref);
        shown.pop();
      } else if (old) {
        await sender.edit(old.ref, part);
        shown[index] = { ref: old.ref, part };
      } else {
        // Only the first message of an answer is a reply; the others follow it.
        const { replyTo: _, ...place } = target;
        const ref = await sender.post(index === 0 ? target : place, part, `${key}/${index}/${deletions}`);
        shown[index] = { ref, part };
        await onPosted?.(shown.flatMap((message) => message?.ref ?? []));
      }
    },
    deleted(index) {
      if (!shown[index]) return false;
      deletions += 1;
      shown[index] = undefined;
      return true;
    },
  };
}

function samePart(one: Part, other: Part | undefined): boolean {
  if (!other || one.text !== other.text) return false;
  return one.format === other.format || JSON.stringify(one.format) === JSON.stringify(other.format);
}
