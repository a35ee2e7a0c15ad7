import type { AnswerEvent } from '../../adapters/http/wire.ts';
import { announce } from './announce.ts';
import { ask, clear, follow, Refused, stop } from './api.ts';
import { setBusy, setStopping, suggest } from './composer.ts';
import { askForKey } from './lock.ts';
import { blank, catchUp, conversation, forget, type Line, newLine, save } from './memory.ts';
import { randomId } from './random.ts';
import { stay } from './scroll.ts';
import { empty, type Shown, show } from './view.ts';
import { word } from './words.ts';

/** A lost connection is tried again so often, with a pause of a second more each time. */
const mostTries = 8;

/** Ends all that is listened to. */
let listening = new AbortController();
const heard = new Set<Line>();
const shownBy = new WeakMap<Line, Shown>();
/** They want no more of an answer that has no id yet. */
let unwanted: Line | undefined;
let wake = () => {};

const openLine = (): Line | undefined => conversation.lines.findLast(({ isOpen }) => isOpen);

export const begin = (): void => showAll(conversation.lines);

/** Shows them, and goes on with what is open: other tabs and earlier visits may have ended before they heard of it. */
function showAll(lines: readonly Line[]): void {
  for (const line of lines) {
    const shown = shownBy.get(line);
    if (shown) shown.update();
    else
      shownBy.set(
        line,
        show(line, () => retry(line)),
      );
    if (line.isOpen && !heard.has(line)) void hear(line);
  }
  refresh();
}

function refresh(): void {
  const isBusy = openLine() !== undefined;
  suggest(isBusy ? [] : conversation.followUps, send);
  setBusy(isBusy);
}

/** Other tabs of this browser have gone on with the conversation. */
export function takeOver(): void {
  const { isAnew, changed } = catchUp(heard);
  if (isAnew) leave();
  if (isAnew || changed.length > 0) showAll(changed);
}

/** All that is kept goes through here, so that nothing of another tab is overwritten. */
function record(line: Line, change: Partial<Line>, rest: Partial<typeof conversation> = {}): void {
  takeOver();
  Object.assign(line, change);
  line.version += 1;
  shownBy.get(line)?.update();
  // Another tab has begun anew: it is over.
  if (!conversation.lines.includes(line)) return;
  Object.assign(conversation, rest);
  save();
  refresh();
}

function leave(): void {
  listening.abort();
  listening = new AbortController();
  heard.clear();
  empty();
}

export function beginAnew(): void {
  const { session } = conversation;
  leave();
  forget();
  refresh();
  announce(word('cleared'));
  if (session) clear(session).catch(() => undefined);
}

export function send(text: string): boolean {
  takeOver();
  if (openLine()) return false;
  const line = newLine('bot', { isOpen: true, asking: newAsking() });
  conversation.lines.push(newLine('user', { text }), line);
  conversation.followUps = [];
  save();
  showAll(conversation.lines.slice(-2));
  return true;
}

const newAsking = () => ({ key: randomId(), session: conversation.session });

/** Goes on with an answer that was lost on the way. One that has failed is asked for again, and is where the old one was. */
function retry(line: Line): void {
  if (openLine()) return;
  if (line !== conversation.lines.at(-1)) stay();
  const anew = line.message ? {} : { ...blank, asking: line.asking ?? newAsking() };
  record(line, { ...anew, isOpen: true, isTrouble: undefined, note: undefined }, { followUps: [] });
  showAll([line]);
}

export function stopAnswer(): void {
  const line = openLine();
  if (!line) return;
  setStopping(true);
  if (line.message)
    stop(line.message).catch((error: unknown) => {
      setStopping(false);
      remark(line, wordsOf(error));
    });
  else {
    unwanted = line;
    wake();
  }
}

/** Asks, if that is still to be done, and hears the answer to its end, whatever becomes of the connection meanwhile. */
async function hear(line: Line): Promise<void> {
  const { signal } = listening;
  heard.add(line);
  announce(word('answering'));
  let most = 0;
  for (let tries = 0; ; ) {
    let refused: Refused | undefined;
    try {
      let text = '';
      for await (const event of await eventsOf(line, signal)) {
        if (event.type === 'complete') return end(line, event.data);
        if (event.type === 'error') return fail(line, event.data.message, { message: undefined });
        text = event.type === 'replace' ? event.data.content : text + event.data.content;
        Object.assign(line, { text, note: undefined });
        shownBy.get(line)?.update();
        // All is told again each time: only what is new is a step ahead.
        if (text.length > most) tries = 0;
        most = Math.max(most, text.length);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Refused) {
        if (error.status === 401) {
          if (!(await askForKey())) return fail(line, word('key-missing'));
          continue;
        }
        if (error.passesInMs === undefined) return refuse(line, error);
        refused = error;
      }
    }
    if (signal.aborted) return;
    if (tries === mostTries || unwanted === line) return fail(line, wordsOf(refused));
    tries += 1;
    remark(line, refused?.message ?? word('interrupted'));
    await pause(Math.max(tries * 1_000, refused?.passesInMs ?? 0));
    if (signal.aborted) return;
    if (unwanted === line) return fail(line, wordsOf(refused));
  }
}

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    wake = resolve;
    setTimeout(resolve, ms);
  });

async function eventsOf(line: Line, signal: AbortSignal): Promise<AsyncIterable<AnswerEvent>> {
  if (line.message) return follow(line.message, signal);
  const at = conversation.lines.indexOf(line);
  const question = conversation.lines.slice(0, at).findLast(({ role }) => role === 'user')?.text ?? '';
  const { message, session, events } = await askSomewhere(question, line, signal);
  if (signal.aborted) return events;
  record(
    line,
    { message, ...{ asking: undefined, isOpen: true, isTrouble: undefined, note: undefined } },
    { session },
  );
  if (unwanted === line) stopAnswer();
  return events;
}

/** A session is forgotten some time, and another key's is not there: they go on in a new one. */
async function askSomewhere(question: string, line: Line, signal: AbortSignal) {
  line.asking ??= newAsking();
  try {
    return await ask(question, line.asking, signal);
  } catch (error) {
    const isGone = error instanceof Refused && error.status === 404 && line.asking.session !== undefined;
    if (!isGone) throw error;
    line.asking = { key: randomId() };
    return ask(question, line.asking, signal);
  }
}

function end(line: Line, data: Extract<AnswerEvent, { type: 'complete' }>['data']): void {
  const { full_content: text, usage, status, follow_ups: followUps } = data;
  const note = status === 'stopped' ? word('stopped') : undefined;
  settle(line, { text, note, tokens: usage?.total }, followUps);
  announce(note ?? word('answered'), shownBy.get(line)?.words());
}

function refuse(line: Line, { status, message }: Refused): void {
  const isGone = status === 404;
  fail(line, isGone ? word('gone') : message, {
    ...(isGone && { message: undefined }),
    // Where the bridge or a proxy has failed, it may have been heard; else it is another question the next time.
    ...(status < 500 && { asking: undefined }),
  });
}

function fail(line: Line, note: string, change: Partial<Line> = {}): void {
  settle(line, { ...change, note, isTrouble: true }, []);
  announce(note);
}

function settle(line: Line, change: Partial<Line>, followUps: readonly string[]): void {
  heard.delete(line);
  if (unwanted === line) unwanted = undefined;
  record(line, { ...change, isOpen: false }, { followUps });
}

/** Said of it while it goes on. */
function remark(line: Line, note: string): void {
  line.note = note;
  shownBy.get(line)?.update();
  announce(note);
}

const wordsOf = (error: unknown): string => (error instanceof Refused ? error.message : word('unreachable'));
