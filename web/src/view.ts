import { toHtml } from './markdown.ts';
import type { Line } from './memory.ts';
import { word } from './words.ts';

export const find = <Kind extends HTMLElement>(id: string): Kind => document.getElementById(id) as Kind;

const transcript = find('transcript');
// Who has no mouse scrolls it too.
transcript.tabIndex = 0;

/** A message on the page. */
export interface Shown {
  /** Shows what its line is by now. */
  update(): void;
  remove(): void;
}

/** `retry`: asks the question again that has failed. */
export function show(line: Line, retry: () => void): Shown {
  const article = document.createElement('article');
  article.className = line.role;
  article.setAttribute('aria-label', word(line.role === 'user' ? 'you' : 'bot'));
  const body = document.createElement('div');
  body.className = 'body';
  const note = document.createElement('p');
  note.className = 'note';
  const foot = document.createElement('footer');
  article.append(body, note, foot);
  transcript.append(article);
  let painted: string | undefined;
  let isDue = false;

  function paint(): void {
    isDue = false;
    article.classList.toggle('trouble', line.isTrouble === true);
    article.setAttribute('aria-busy', String(line.isOpen === true));
    if (painted !== line.text) {
      if (line.role === 'user') body.textContent = line.text;
      else body.innerHTML = toHtml(line.text);
      painted = line.text;
    }
    note.textContent = line.note ?? '';
    foot.replaceChildren(...(line.role === 'bot' && !line.isOpen ? footOf(line, retry) : []));
    follow();
  }

  isFollowed = true;
  paint();
  return {
    update() {
      if (isDue) return;
      isDue = true;
      requestAnimationFrame(paint);
    },
    remove: () => article.remove(),
  };
}

/** Who has scrolled up to read is not dragged down. */
let isFollowed = true;
let lastTop = 0;
transcript.addEventListener('scroll', () => {
  const { scrollHeight, scrollTop, clientHeight } = transcript;
  // What has come below meanwhile moves the end away, and nobody has scrolled up.
  if (scrollHeight - scrollTop - clientHeight < 40) isFollowed = true;
  else if (scrollTop < lastTop) isFollowed = false;
  lastTop = scrollTop;
});
// Suggestions, and a question of many lines, take room from it.
new ResizeObserver(follow).observe(transcript);

function follow(): void {
  if (isFollowed) transcript.scrollTop = transcript.scrollHeight;
}

function footOf(line: Line, retry: () => void): HTMLElement[] {
  if (line.isTrouble) return [button(word('retry'), retry)];
  if (line.text === '') return [];
  const copy = button(word('copy'), () => {
    void navigator.clipboard.writeText(line.text).then(() => {
      copy.textContent = word('copied');
    });
  });
  // Browsers give it to pages of this machine, and to those with a certificate.
  copy.hidden = !navigator.clipboard;
  const tokens = document.createElement('span');
  tokens.textContent = line.tokens ? `${line.tokens} ${word('tokens')}` : '';
  return [copy, tokens];
}

export function button(label: string, press: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = label;
  made.addEventListener('click', press);
  return made;
}

export function empty(): void {
  transcript.replaceChildren();
}

/** Said to who does not see the page. */
export function announce(words: string): void {
  find('status').textContent = words;
}

/** An image is fetched when the reader wants it. */
transcript.addEventListener('click', ({ target }) => {
  const pressed = target instanceof HTMLElement ? target.closest<HTMLButtonElement>('button.image') : null;
  if (!pressed) return;
  const image = document.createElement('img');
  image.src = pressed.dataset.image ?? '';
  image.alt = pressed.dataset.name ?? '';
  image.referrerPolicy = 'no-referrer';
  pressed.replaceWith(image);
});
