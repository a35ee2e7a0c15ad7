import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { passesInMs } from '../../adapters/http/passing.ts';
import { readEvents } from '../../adapters/http/read-events.ts';
import type { AnswerEvent } from '../../adapters/http/wire.ts';
import type { Reach } from './reach.ts';

/** What is heard of an answer: all of it so far, each time, and how it ended. */
type Heard =
  | { readonly type: 'text'; readonly text: string }
  | Extract<AnswerEvent, { type: 'complete' | 'error' }>;

/** One question to a bridge. */
export interface Inquiry {
  /** Asks, and goes on where the connection broke. Rejects with words for the owner, or with what the signal aborted for. */
  hear(signal: AbortSignal): AsyncGenerator<Heard>;
  /** Nobody waits for the answer any more. It never rejects, and takes two seconds at most. */
  stop(): Promise<void>;
}

/** A lost connection is tried again so often, with a pause of a second more each time: a bridge may be started again. */
const mostTries = 8;

const stopForMs = 2_000;

/** A refusal that passes by itself; the question may have been heard all the same. */
class Passing extends Error {
  /** When to ask again at the earliest. */
  readonly inMs: number;
  constructor(words: string, inMs: number) {
    super(words);
    this.inMs = inMs;
  }
}

export function inquire({ url, key }: Pick<Reach, 'url' | 'key'>, body: object): Inquiry {
  const headers = {
    'content-type': 'application/json',
    // The same question, asked again, is asked once.
    'idempotency-key': randomUUID(),
    ...(key && { authorization: `Bearer ${key}` }),
  };
  let message: string | null = null;

  async function* ask(signal: AbortSignal): AsyncGenerator<Heard> {
    const init = { method: 'POST', headers, body: JSON.stringify(body), signal };
    const response = await fetch(`${url}/chat/stream`, init);
    if (!response.ok) throw await refusalOf(response, url);
    message = response.headers.get('x-message-id');
    let text = '';
    for await (const event of readEvents(response)) {
      if (event.type === 'complete' || event.type === 'error') return yield event;
      text = event.type === 'chunk' ? text + event.data.content : event.data.content;
      yield { type: 'text', text };
    }
    throw new TypeError('it ended before the answer did');
  }

  return {
    async *hear(signal) {
      let most = 0;
      for (let tries = 1; ; tries++) {
        let passesInMs = 0;
        try {
          for await (const heard of ask(signal)) {
            yield heard;
            if (heard.type !== 'text') return;
            // All is told again each time: only what is new is a step ahead.
            if (heard.text.length > most) tries = 1;
            most = Math.max(most, heard.text.length);
          }
        } catch (error) {
          signal.throwIfAborted();
          // Of what breaks off on the way, fetch tells so.
          if (!(error instanceof TypeError || error instanceof Passing)) throw error;
          if (tries > mostTries)
            throw error instanceof Passing
              ? error
              : new Error(`The bridge at ${url} cannot be reached any more: ${why(error)}.`);
          if (error instanceof Passing) passesInMs = error.inMs;
        }
        await sleep(Math.max(tries * 1_000, passesInMs), undefined, { signal }).catch(() =>
          signal.throwIfAborted(),
        );
      }
    },
    async stop() {
      if (message === null) return;
      const { 'content-type': _, ...others } = headers;
      const init = { method: 'POST', headers: others, signal: AbortSignal.timeout(stopForMs) };
      await fetch(`${url}/chat/${message}/stop`, init).catch(() => undefined);
    },
  };
}

const why = ({ message, cause }: Error): string =>
  cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : message;

async function refusalOf(response: Response, url: string): Promise<Error> {
  if (response.status === 401)
    return new Error(
      `The bridge at ${url} does not accept our key. Set SERVER_API_KEYS here as where it was started: the first one is sent.`,
    );
  const { detail } = (await response.json().catch(() => ({}))) as { detail?: string };
  const words = detail ?? `The bridge at ${url} says ${response.status} ${response.statusText}`;
  const inMs = passesInMs(response);
  return inMs === undefined ? new Error(words) : new Passing(words, inMs);
}
