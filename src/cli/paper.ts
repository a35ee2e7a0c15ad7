import type { Shell } from './command.ts';

/** An answer as it grows on standard output, where what has been written cannot be taken back. */
export interface Paper {
  show(text: string): void;
  /** This is all of it. */
  finish(text: string): void;
  /** No more comes. */
  leave(): void;
  /** What was written first is not the answer, and the answer follows it. */
  readonly isCorrected: boolean;
}

export function createPaper({ write, complain }: Pick<Shell, 'write' | 'complain'>): Paper {
  let written = '';
  let isCorrected = false;

  function show(text: string): void {
    if (!text.startsWith(written)) {
      write('\n\n');
      complain('The bot has begun anew: this takes the place of what is above.');
      written = '';
      isCorrected = true;
    }
    write(text.slice(written.length));
    written = text;
  }

  return {
    show(text) {
      // Told again from its beginning, or taken back: what comes next will tell.
      if (!written.startsWith(text)) show(text);
    },
    finish(text) {
      show(text);
      write('\n');
    },
    leave() {
      if (written !== '') write('\n');
    },
    get isCorrected() {
      return isCorrected;
    },
  };
}
