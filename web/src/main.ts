import type { AnswerEvent } from '../../adapters/http/wire.ts';
import { ask, clear, follow, key, Refused, stop } from './api.ts';
import { conversation, forget, keep, type Line } from './memory.ts';
import { announce, button, empty, find, type Shown, show } from './view.ts';
import { fillIn, isChinese, word } from './words.ts';

const form = find<HTMLFormElement>('ask');
const question = find<HTMLTextAreaElement>('question');
const stopButton = find<HTMLButtonElement>('stop');
const sendButton = find<HTMLButtonElement>('send');
const followUps = find('follow-ups');

/** Ends what is listened to. */
let listening = new AbortController();

const shownBy = new WeakMap<Line, Shown>();
let tries = 0;

/** A lost connection is tried again so often, with a pause of a second more each time. */
const mostTries = 8;

document.documentElement.lang = isChinese ? 'zh' : 'en';
fillIn(document);
for (const line of conversation.lines) {
  const shown = put(line);
  if (line.isOpen) void resume(line, shown);
}
suggest(conversation.followUps);
question.focus();

form.addEventListener('submit', (event) => {
  event.preventDefault();
  send(question.value);
});
question.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return;
  event.preventDefault();
  form.requestSubmit();
});
question.addEventListener('input', adjust);
stopButton.addEventListener('click', () => {
  const open = conversation.lines.findLast(({ isOpen, message }) => isOpen && message);
  if (open?.message) stop(open.message).catch((error: unknown) => announce(wordsOf(error)));
});
find('reset').addEventListener('click', () => {
  const { session } = conversation;
  listening.abort();
  forget();
  empty();
  suggest([]);
  setOpen(false);
  announce(word('cleared'));
  question.focus();
  if (session) clear(session).catch(() => undefined);
});

/** Safari ends a composition before the Enter that chose it, and tells by its code alone. */
const isComposing = (event: KeyboardEvent): boolean => event.isComposing || event.keyCode === 229;

function adjust(): void {
  question.style.height = 'auto';
  question.style.height = `${Math.min(question.scrollHeight, 200)}px`;
}

function send(text: string): void {
  if (text.trim() === '' || !stopButton.hidden) return;
  question.value = '';
  adjust();
  suggest([]);
  const asked: Line = { role: 'user', text };
  conversation.lines.push(asked);
  put(asked);
  void answer(text);
}

async function answer(text: string): Promise<void> {
  const line: Line = { role: 'bot', text: '', isOpen: true };
  conversation.lines.push(line);
  const shown = put(line);
  setOpen(true);
  try {
    const asked = await ask(text, conversation.session, begin());
    conversation.session = asked.session;
    line.message = asked.message;
    keep();
    await hear(line, shown, asked.events);
  } catch (error) {
    await lost(line, shown, error);
  }
}

/** What was coming when the page was left, or when the connection broke. */
async function resume(line: Line, shown: Shown): Promise<void> {
  setOpen(true);
  try {
    if (!line.message) throw new Refused(404, word('gone'));
    const events = await follow(line.message, begin());
    line.text = '';
    await hear(line, shown, events);
  } catch (error) {
    await lost(line, shown, error);
  }
}

function begin(): AbortSignal {
  listening = new AbortController();
  announce(word('answering'));
  return listening.signal;
}

async function hear(line: Line, shown: Shown, events: AsyncIterable<AnswerEvent>): Promise<void> {
  for await (const event of events) {
    take(event, line);
    shown.update();
    if (event.type === 'complete' || event.type === 'error') return end(line, event);
  }
  throw new TypeError('it ended before the answer did');
}

function take(event: AnswerEvent, line: Line): void {
  if (event.type === 'chunk') line.text += event.data.content;
  else if (event.type === 'replace') line.text = event.data.content;
  else if (event.type === 'error')
    Object.assign(line, { text: event.data.message, isTrouble: true, isOpen: false });
  else {
    const { full_content: text, usage } = event.data;
    Object.assign(line, { text, isOpen: false, ...(usage && { tokens: usage.total }) });
  }
}

function end(line: Line, event: AnswerEvent): void {
  tries = 0;
  const { status, follow_ups: questions } =
    event.type === 'complete' ? event.data : { status: 'failed', follow_ups: [] };
  if (line.isTrouble) announce(line.text);
  else announce(word(status === 'stopped' ? 'stopped' : 'answered'));
  conversation.followUps = questions;
  suggest(questions);
  setOpen(false);
  keep();
}

async function lost(line: Line, shown: Shown, error: unknown): Promise<void> {
  // They have begun anew.
  if (listening.signal.aborted) return;
  if (error instanceof Refused && error.status === 401) return askForKey(line, shown);
  if (!(error instanceof Refused) && line.message && tries < mostTries) {
    tries += 1;
    announce(word('interrupted'));
    await new Promise((resolve) => setTimeout(resolve, tries * 1_000));
    // They have begun anew meanwhile.
    return conversation.lines.includes(line) ? resume(line, shown) : undefined;
  }
  tries = 0;
  fail(line, shown, wordsOf(error));
}

function fail(line: Line, shown: Shown, text: string): void {
  Object.assign(line, { text, isTrouble: true, isOpen: false });
  shown.update();
  announce(text);
  setOpen(false);
  keep();
}

const wordsOf = (error: unknown): string => (error instanceof Refused ? error.message : word('unreachable'));

/** Asks again the question before this answer, which has failed. */
function retry(line: Line): void {
  if (!stopButton.hidden) return;
  const at = conversation.lines.indexOf(line);
  const asked = conversation.lines.slice(0, at).findLast(({ role }) => role === 'user');
  if (!asked) return;
  conversation.lines.splice(at, 1);
  shownBy.get(line)?.remove();
  void answer(asked.text);
}

function put(line: Line): Shown {
  const shown = show(line, () => retry(line));
  shownBy.set(line, shown);
  return shown;
}

function askForKey(line: Line, shown: Shown): void {
  const lock = find<HTMLDialogElement>('lock');
  const field = find<HTMLInputElement>('key');
  const label = lock.querySelector('[data-word]');
  if (label && key.get()) label.textContent = word('key-wrong');
  lock.addEventListener(
    'close',
    () => {
      const given = field.value.trim();
      field.value = '';
      // They have closed it.
      if (given === '') return fail(line, shown, word('key-missing'));
      key.keep(given);
      if (line.message) return void resume(line, shown);
      shown.remove();
      conversation.lines.splice(conversation.lines.indexOf(line), 1);
      const asked = conversation.lines.at(-1);
      if (asked?.role === 'user') void answer(asked.text);
    },
    { once: true },
  );
  lock.showModal();
}

function setOpen(isOpen: boolean): void {
  stopButton.hidden = !isOpen;
  sendButton.hidden = isOpen;
}

function suggest(questions: readonly string[]): void {
  followUps.replaceChildren(...questions.map((text) => button(text, () => send(text))));
}
