import type { AnswerEvent } from '../../adapters/http/wire.ts';
import { type Asked, ask, clear, follow, Refused, stop } from './api.ts';
import { askForKey } from './lock.ts';
import { conversation, forget, keep, type Line } from './memory.ts';
import { announce, button, empty, find, type Shown, show } from './view.ts';
import { fillIn, isChinese, word } from './words.ts';

const form = find<HTMLFormElement>('ask');
const question = find<HTMLTextAreaElement>('question');
const stopButton = find<HTMLButtonElement>('stop');
const sendButton = find<HTMLButtonElement>('send');
const followUps = find('follow-ups');

/** They want no more of an answer that has no id yet. */
let isStopWished = false;

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
  leaveStop();
  stopButton.disabled = true;
  const open = conversation.lines.findLast(({ isOpen }) => isOpen);
  if (open?.message) stopAnswer(open.message);
  else isStopWished = true;
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

/** Whoever works by keyboard would be nowhere without it; a phone's would only be in the way. */
function leaveStop(): void {
  if (stopButton.matches(':focus-visible')) question.focus();
}

function stopAnswer(message: string): void {
  stop(message).catch((error: unknown) => {
    stopButton.disabled = false;
    announce(wordsOf(error));
  });
}

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
  keep();
  try {
    const asked = await askSomewhere(text, begin());
    conversation.session = asked.session;
    line.message = asked.message;
    keep();
    if (isStopWished) stopAnswer(asked.message);
    await hear(line, shown, asked.events);
  } catch (error) {
    await lost(line, shown, error);
  }
}

/** A session is forgotten some time, and another key's is not there: they go on in a new one. */
async function askSomewhere(text: string, signal: AbortSignal): Promise<Asked> {
  try {
    return await ask(text, conversation.session, signal);
  } catch (error) {
    const isGone = error instanceof Refused && error.status === 404 && conversation.session !== undefined;
    if (!isGone) throw error;
    return ask(text, undefined, signal);
  }
}

/** What was coming when the page was left, or when the connection broke. */
async function resume(line: Line, shown: Shown): Promise<void> {
  setOpen(true);
  try {
    if (!line.message) throw new Refused(404, word('gone'));
    const events = await follow(line.message, begin());
    line.text = '';
    delete line.note;
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
    Object.assign(line, { note: event.data.message, isTrouble: true, isOpen: false });
  else {
    const { full_content: text, usage, status } = event.data;
    if (status === 'stopped') line.note = word('stopped');
    Object.assign(line, { text, isOpen: false, ...(usage && { tokens: usage.total }) });
  }
}

function end(line: Line, event: AnswerEvent): void {
  tries = 0;
  const { status, follow_ups: questions } =
    event.type === 'complete' ? event.data : { status: 'failed', follow_ups: [] };
  if (line.isTrouble) announce(line.note ?? '');
  else announce(word(status === 'stopped' ? 'stopped' : 'answered'));
  conversation.followUps = questions;
  suggest(questions);
  setOpen(false);
  keep();
}

async function lost(line: Line, shown: Shown, error: unknown): Promise<void> {
  // They have begun anew.
  if (listening.signal.aborted) return;
  if (error instanceof Refused && error.status === 401) return unlock(line, shown);
  if (!(error instanceof Refused) && line.message && tries < mostTries) {
    tries += 1;
    line.note = word('interrupted');
    shown.update();
    announce(line.note);
    await new Promise((resolve) => setTimeout(resolve, tries * 1_000));
    // They have begun anew meanwhile.
    return conversation.lines.includes(line) ? resume(line, shown) : undefined;
  }
  tries = 0;
  const isGone = error instanceof Refused && error.status === 404;
  fail(line, shown, isGone ? word('gone') : wordsOf(error));
}

function fail(line: Line, shown: Shown, note: string): void {
  Object.assign(line, { note, isTrouble: true, isOpen: false });
  shown.update();
  announce(note);
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

async function unlock(line: Line, shown: Shown): Promise<void> {
  if (!(await askForKey())) return fail(line, shown, word('key-missing'));
  if (line.message) return resume(line, shown);
  shown.remove();
  conversation.lines.splice(conversation.lines.indexOf(line), 1);
  const asked = conversation.lines.at(-1);
  if (asked?.role === 'user') await answer(asked.text);
}

function setOpen(isOpen: boolean): void {
  leaveStop();
  isStopWished = false;
  stopButton.disabled = false;
  stopButton.hidden = !isOpen;
  sendButton.hidden = isOpen;
}

function suggest(questions: readonly string[]): void {
  followUps.replaceChildren(...questions.map((text) => button(text, () => send(text))));
}
