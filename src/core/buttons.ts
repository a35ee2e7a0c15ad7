import type { Button } from './message.ts';
import { notice } from './notices.ts';

/** What a pressed button asks for. */
export type Wish =
  /** To stop an answer; `turn` and `asker` tell which, but for a draft that was stopped: there only one can run. */
  | { readonly kind: 'stop'; readonly turn?: string; readonly asker?: string }
  /** To ask one of the questions that Coze has suggested at the end of a turn. */
  | { readonly kind: 'ask'; readonly turn: string; readonly nth: number };

export const stopButton = (turn: string, asker: string, locale: string | undefined): Button => ({
  label: notice('stop-button', locale),
  data: ['stop', turn, asker].join('/'),
});

export const askButton = (turn: string, nth: number, question: string): Button => ({
  label: question,
  data: ['ask', turn, nth].join('/'),
});

/** What the platform brings back need not be what we gave it. */
export function readWish(pressed: string): Wish | undefined {
  const [kind, turn, what, ...more] = pressed.split('/');
  if (more.length > 0) return undefined;
  if (kind === 'stop') return { kind, ...(turn && { turn }), ...(what && { asker: what }) };
  if (kind === 'ask' && turn && /^\d$/.test(what ?? '')) return { kind, turn, nth: Number(what) };
  return undefined;
}
