import type { Sealed } from '../text/parts.ts';
import type { Button, Part } from './message.ts';
import type { Sender } from './ports/platform.ts';

/** What stands at the end of an answer besides its text. */
export interface Tail {
  readonly buttons?: readonly Button[];
  /** The message that stands for all that is too long, once the answer is whole. */
  readonly overflow?: Part;
}

interface SheetOptions {
  readonly sender: Pick<Sender, 'render'>;
  /** So many messages an answer may have. */
  readonly longest: number;
}

/** What should be on the screen. */
export interface Sheet {
  /** A text that grows, or with a tail the whole of it, as messages. */
  parts(text: string, growing: boolean, tail: Tail): readonly Part[];
  /** What comes now is not shown before the end. */
  readonly isFull: boolean;
}

/** A growing text as parts; what is settled is not rendered again. */
export function createSheet({ sender, longest }: SheetOptions): Sheet {
  let settled: Part[] = [];
  let sealed: Sealed | undefined;
  let source = '';
  let isFull = false;

  function render(text: string, growing: boolean): readonly Part[] {
    // Coze may replace what it streamed: then nothing is settled any more.
    if (!text.startsWith(source)) [settled, sealed, source] = [[], undefined, ''];
    const { parts, sealed: now } = sender.render(text, sealed, growing);
    const count = now.parts - settled.length;
    settled.push(...parts.slice(0, count));
    sealed = now;
    source = text.slice(0, now.offset);
    return [...settled, ...parts.slice(count)];
  }

  return {
    get isFull() {
      return isFull;
    },
    parts(text, growing, { buttons = [], overflow }) {
      const all = render(text, growing);
      isFull = all.length > longest;
      // Without anything to stand for the rest, the rest is shown.
      const parts = growing || overflow ? all.slice(0, longest) : [...all];
      if (!growing && overflow && all.length > longest) parts.push(overflow);
      const last = parts.pop();
      return last ? [...parts, buttons.length > 0 ? { ...last, buttons } : last] : [];
    },
  };
}
