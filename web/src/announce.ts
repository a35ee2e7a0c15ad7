import { find } from './find.ts';

/** A screen reader has heard it by then; later, whoever searches the page would find the answer twice. */
const clearAfterMs = 10_000;

/** Said to who does not see the page; `text`: an answer, which is there to be read as well. */
export function announce(words: string, text = ''): void {
  const more = document.createElement('span');
  more.textContent = text && ` ${text}`;
  find('status').replaceChildren(words, more);
  setTimeout(() => more.remove(), clearAfterMs);
}
