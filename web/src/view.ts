import { handOver } from './composer.ts';
import { copy } from './copy.ts';
import { button } from './find.ts';
import { toHtml } from './markdown.ts';
import type { Line } from './memory.ts';
import { patch } from './patch.ts';
import { follow, goToEnd, transcript } from './scroll.ts';
import { count, word } from './words.ts';

/** A message on the page. */
export interface Shown {
  /** Shows what its line is by now. */
  update(): void;
  /** The answer without what is pressed in it. */
  words(): string;
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
  note.dir = 'auto';
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
      if (line.role === 'user') Object.assign(body, { textContent: line.text, dir: 'auto' });
      else patch(body, fragmentOf(line.text));
      painted = line.text;
    }
    // It has a sign of its own.
    note.textContent = (line.note ?? '').replace(/^⚠\uFE0F?\s*/u, '');
    handOver(foot);
    foot.replaceChildren(...(line.role === 'bot' && !line.isOpen ? footOf(line, body, retry) : []));
    follow();
  }

  paint();
  goToEnd();
  return {
    update() {
      if (isDue) return;
      isDue = true;
      requestAnimationFrame(paint);
    },
    words() {
      const said = fragmentOf(line.text);
      for (const pressed of said.querySelectorAll('.bar')) pressed.remove();
      return said.textContent ?? '';
    },
  };
}

function fragmentOf(text: string): DocumentFragment {
  const template = document.createElement('template');
  template.innerHTML = toHtml(text);
  return template.content;
}

function footOf(line: Line, body: HTMLElement, retry: () => void): HTMLElement[] {
  const parts: HTMLElement[] = [];
  if (line.isTrouble) parts.push(button(word('retry'), retry));
  if (line.text !== '') {
    const copyAll = button(word('copy'), () => void copy(line.text, body, copyAll));
    parts.push(copyAll);
  }
  if (line.tokens) {
    const tokens = document.createElement('span');
    tokens.textContent = count(line.tokens, line.tokens === 1 ? 'token' : 'tokens');
    parts.push(tokens);
  }
  return parts;
}

export function empty(): void {
  transcript.replaceChildren();
  follow();
}

transcript.addEventListener('click', ({ target }) => {
  const pressed = target instanceof HTMLElement ? target.closest('button') : null;
  if (pressed?.matches('.image')) openImage(pressed);
  const code = pressed?.matches('.copy') && pressed.closest('.code')?.querySelector('code');
  if (pressed && code) void copy(code.textContent ?? '', code, pressed);
});

/** An image is fetched when the reader wants it. */
function openImage(pressed: HTMLButtonElement): void {
  const image = document.createElement('img');
  image.src = pressed.dataset.image ?? '';
  image.alt = pressed.dataset.name ?? '';
  image.referrerPolicy = 'no-referrer';
  image.tabIndex = -1;
  pressed.replaceWith(image);
  image.focus();
}
