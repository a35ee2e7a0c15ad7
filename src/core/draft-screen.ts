import { digestOf } from './digest.ts';
import { DraftsUnavailable } from './errors.ts';
import type { Part } from './message.ts';
import { createScreen, type Screen, type ScreenOptions } from './screen.ts';

interface DraftScreenOptions extends ScreenOptions {
  /** How often a draft must be shown again to stay. */
  readonly keepEveryMs: number;
}

/**
 * A screen whose last part is a draft for as long as it grows: only what is settled, and the whole text, are messages.
 * Where no draft can be shown after all, it goes on with messages alone.
 */
export function createDraftScreen({ keepEveryMs, ...options }: DraftScreenOptions): Screen {
  const { sender, target, key, clock } = options;
  const messages = createScreen(options);
  let draft: { readonly digest: string; readonly at: number } | undefined;
  let isRefused = false;

  const staysMs = () => (draft ? draft.at + keepEveryMs - clock.now() : Number.POSITIVE_INFINITY);

  function draftOf(part: Part, index: number) {
    const isShown = draft?.digest === digestOf(part) && staysMs() > 0;
    return isShown ? undefined : { kind: 'draft' as const, index, part };
  }

  async function show(part: Part): Promise<void> {
    try {
      await sender.showDraft?.(target, part, key);
      draft = { digest: digestOf(part), at: clock.now() };
    } catch (error) {
      if (!(error instanceof DraftsUnavailable)) throw error;
      isRefused = true;
      draft = undefined;
    }
  }

  return {
    get isEmpty() {
      return messages.isEmpty && !draft;
    },
    get refs() {
      return messages.refs;
    },
    get staysMs() {
      return staysMs();
    },
    difference(wanted, complete) {
      const last = wanted.at(-1);
      if (complete || isRefused || !last || messages.refs.length >= wanted.length)
        return messages.difference(wanted, complete);
      return messages.difference(wanted.slice(0, -1), false) ?? draftOf(last, wanted.length - 1);
    },
    async write(write) {
      if (write.kind === 'draft' && write.part) return show(write.part);
      await messages.write(write);
      // Apps take the draft away when a message comes.
      if (write.kind === 'post') draft = undefined;
    },
    deleted: messages.deleted,
  };
}
