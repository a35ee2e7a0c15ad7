import type { Part } from './message.ts';
import type { Sealed, Sender } from './ports/platform.ts';

interface Sheet {
  /** `growing`: it still streams. */
  parts(text: string, growing?: boolean): readonly Part[];
}

/** A growing text as parts; what is settled is not rendered again. */
export function createSheet({ render }: Pick<Sender, 'render'>): Sheet {
  let settled: Part[] = [];
  let sealed: Sealed | undefined;
  let source = '';

  return {
    parts(text, growing) {
      // Coze may replace what it streamed: then nothing is settled any more.
      if (!text.startsWith(source)) [settled, sealed, source] = [[], undefined, ''];
      const { parts, sealed: now } = render(text, sealed, growing);
      settled.push(...parts.slice(0, now.parts - settled.length));
      sealed = now;
      source = text.slice(0, now.offset);
      return [...settled, ...parts.slice(-1)];
    },
  };
}
