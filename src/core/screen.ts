import { digestOf } from './digest.ts';
import type { MessageRef, Part, ReplyTarget } from './message.ts';
import type { Posting } from './ports/store.ts';
import { createPoster, type PosterOptions } from './posting.ts';

/** One write that brings the screen nearer to what should be on it; without a part, a message too many. */
export interface Write {
  readonly kind: 'post' | 'edit' | 'remove' | 'draft';
  readonly index: number;
  readonly part?: Part;
}

export interface ScreenOptions extends PosterOptions {
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
  /** May be spent on finding out what has become of an earlier write. */
  write(write: Write): Promise<void>;
  /** The reader deleted this message: it is posted anew when it is written next. False if there was none to delete. */
  deleted(index: number): boolean;
  /** The messages, each with what it shows. */
  readonly refs: readonly MessageRef[];
  /** After how many milliseconds what is shown goes away unless it is shown again; Infinity if it stays. */
  readonly staysMs: number;
}

export function createScreen({ key, posted = [], onPosted, ...options }: ScreenOptions): Screen {
  const { sender, target } = options;
  const poster = createPoster(options);
  /** A message that was deleted comes back as another one. */
  let deletions = 0;
  /** What an earlier attempt has posted has no digest, unless that knew for certain what it showed. */
  const shown: (MessageRef | undefined)[] = [...posted];
  const refs = () => shown.filter((ref) => ref !== undefined);

  const isShown = (part: Part, at: number): boolean => {
    const ref = shown[at];
    return ref !== undefined && (part.file ? ref.isFile === true : ref.digest === digestOf(part));
  };

  return {
    get isEmpty() {
      return shown.length === 0;
    },
    get refs() {
      return refs();
    },
    staysMs: Number.POSITIVE_INFINITY,
    difference(wanted, complete) {
      const index = wanted.findIndex((part, at) => !isShown(part, at));
      const part = wanted[index];
      if (part) return { kind: shown[index] ? 'edit' : 'post', index, part };
      if (complete && sender.remove && shown.length > wanted.length)
        return { kind: 'remove', index: shown.length - 1 };
      return undefined;
    },
    async write({ index, part }) {
      const old = shown[index];
      if (!part) {
        if (old) await sender.remove?.(old);
        shown.pop();
      } else if (old) {
        await sender.edit(old, part);
        shown[index] = showing(old, part);
      } else {
        const name = nameOf(key, index, deletions);
        const ref = await (index === 0
          ? poster.post(name, target, part)
          : poster.post(name, withoutReply(target), { ...part, isQuiet: true }));
        if (!ref) return;
        shown[index] = showing(ref, part);
        await onPosted?.(refs().map(withoutDigest));
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

/** A message that was deleted comes back under another name. */
const nameOf = (key: string, index: number, deletions: number): string => `${key}/${index}/${deletions}`;

/** For a reply whose first message may be there, though nothing was noted of it: if it is, it is known under its name. */
export const perhapsPosted = (key: string): Posting => ({ name: nameOf(key, 0, 0), mark: '', at: 0 });

const showing = ({ target, id }: MessageRef, part: Part): MessageRef => ({
  target,
  id,
  digest: digestOf(part),
  ...(part.buttons && { hasButtons: true }),
  ...(part.file && { isFile: true }),
});

/** Only the first message of an answer is a reply; the others follow it. */
const withoutReply = ({ replyTo: _, ...place }: ReplyTarget): ReplyTarget => place;

/** Noted right after a post; an edit that is not noted may come after that. */
const withoutDigest = ({ digest: _, hasButtons: __, ...ref }: MessageRef): MessageRef => ref;
