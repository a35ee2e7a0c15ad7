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
  const growing: Tail = button ? { buttons: [button] } : {};
  let text = '';
  let since: number | undefined;
  let tail: Tail | undefined;
  let isMuted = false;
  /** Which message had the button when the text was whole. */
  let buttonAt = 0;
  let hasLanded = false;

  /** What takes several messages to land can be stopped meanwhile: the button stays where it is until the last of them. */
  function whileLanding(parts: readonly Part[]): Write | undefined {
    const part = parts[buttonAt];
    if (hasLanded || !button || !part || parts.length <= buttonAt + 2) return undefined;
    const write = screen.difference(parts.with(buttonAt, { ...part, buttons: [button] }), false);
    hasLanded = write === undefined;
    return write;
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
      buttonAt = Math.max(0, screen.refs.length - 1);
    },
    mute() {
      isMuted = true;
    },
    forgoFile() {
      const { overflow: _, ...rest } = tail ?? {};
      tail = rest;
    },
    difference() {
      if (tail) {
        const parts = sheet.parts(text, false, tail);
        return whileLanding(parts) ?? screen.difference(parts, true);
      }
      if (isMuted || text.trim() === '') return undefined;
      return screen.difference(sheet.parts(text, true, growing), false);
    },
  };
}
