import type { Button, Part } from './message.ts';
import type { Screen, Write } from './screen.ts';
import type { Sheet, Tail } from './sheet.ts';

interface PictureOptions {
  readonly sheet: Sheet;
  readonly screen: Screen;
  /** Stands under the answer while it grows. */
  readonly button: Button | undefined;
}

/** What is to be shown of one answer. */
export interface Picture {
  readonly text: string;
  /** When the first of it came, by the clock. */
  readonly since: number | undefined;
  /** The text is whole. */
  readonly isFinal: boolean;
  grow(text: string, now: number): void;
  complete(text: string, tail: Tail): void;
  /** The reader deleted what was shown: the final text is owed to them, previews are not. */
  mute(): void;
  /** No file can be sent there: all of the text is shown as messages. */
  forgoFile(): void;
  /** The first write that brings the screen nearer to it. */
  difference(): Write | undefined;
}

export function createPicture({ sheet, screen, button }: PictureOptions): Picture {
  let text = '';
  let since: number | undefined;
  let tail: Tail | undefined;
  let isMuted = false;

  /** Where the button stands. With several messages to come it stays where it is: to move it each time takes too many calls. */
  function buttonAt(count: number): number | undefined {
    const { refs } = screen;
    if (count <= refs.length + 1) return tail ? undefined : count - 1;
    const holder = refs.findIndex(({ hasButtons }) => hasButtons);
    return holder < 0 ? refs.length : holder;
  }

  function wanted(): readonly Part[] {
    const parts = sheet.parts(text, tail === undefined, tail ?? {});
    const at = buttonAt(parts.length);
    const part = at === undefined ? undefined : parts[at];
    return button && part ? parts.with(at ?? 0, { ...part, buttons: [button] }) : parts;
  }

  return {
    get text() {
      return text;
    },
    get since() {
      return since;
    },
    get isFinal() {
      return tail !== undefined;
    },
    grow(soFar, now) {
      text = soFar;
      since ??= now;
    },
    complete(whole, end) {
      text = whole;
      tail = end;
    },
    mute() {
      isMuted = true;
    },
    forgoFile() {
      const { overflow: _, ...rest } = tail ?? {};
      tail = rest;
    },
    difference() {
      if (!tail && (isMuted || text.trim() === '')) return undefined;
      return screen.difference(wanted(), tail !== undefined);
    },
  };
}
