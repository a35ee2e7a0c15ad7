import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventsIn, type Heard } from '../../test/support/events-in.ts';
import type { Call, Seat, Shown } from './places.ts';

/** A program that has a session of the HTTP API. */
export interface Client {
  readonly seat: Seat;
  /** It asks and listens no more. */
  close(): void;
}

interface Reply extends Shown {
  text: string;
  readonly writes: { readonly at: number; readonly text: string }[];
}

const againAfterMs = 300;

/** Statuses after which a program may try again. */
const passing = [429, 503];

/**
 * Does what the README tells a program to do: it asks again with the same key until it gets a reply, and goes on after the
 * last event when a stream breaks. Of its session's questions it sends one when the one before has been accepted.
 */
export function createClient(name: string, url: string): Client {
  const shown: Reply[] = [];
  const calls: Call[] = [];
  const over = new AbortController();
  let accepted = Promise.resolve();

  async function call(what: string, path: string, init: RequestInit): Promise<Response> {
    for (;;) {
      const reply = await fetch(url + path, { ...init, signal: over.signal }).catch(() => undefined);
      calls.push({ at: Date.now(), what: `${what} ${reply?.status ?? 'no reply'}` });
      if (reply && !passing.includes(reply.status)) return reply;
      const afterMs = Number(reply?.headers.get('retry-after') ?? 0) * 1_000;
      await sleep(Math.max(afterMs, againAfterMs), undefined, { signal: over.signal });
    }
  }

  function post(question: string): Promise<Response> {
    return call('POST', '/chat/stream', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      body: JSON.stringify({ message: question, session_id: name }),
    });
  }

  async function hear(question: string, first: Response): Promise<void> {
    const id = first.headers.get('x-message-id') ?? '';
    const reply: Reply = { id, text: '', isDeleted: false, writes: [] };
    // Each question has a stream of its own: which of them is read first, the bridge does not decide.
    shown.push(reply);
    // What goes wrong belongs to the question too.
    const write = (text: string) => {
      reply.text = text;
      reply.writes.push({ at: Date.now(), text });
    };
    let last = '';
    for (let response = first; ; ) {
      if (!response.ok) return write(`${question} ${response.status} ${await response.text()}`);
      for await (const event of whatComes(response)) {
        last = event.id;
        const { type, data } = event;
        if (type === 'chunk') write(reply.text + data.content);
        else if (type === 'replace') write(data.content);
        else if (type === 'error') return write(`${question} error: ${data.message}`);
        else if (data.full_content === reply.text) return;
        else return write(`${reply.text} but in the end: ${data.full_content}`);
      }
      await sleep(againAfterMs, undefined, { signal: over.signal });
      response = await call(`GET ${id} after ${last || 'nothing'}:`, `/chat/stream/${id}`, {
        headers: last ? { 'last-event-id': last } : {},
      });
    }
  }

  return {
    seat: {
      screen: { name, needsOpening: false, shown: () => shown, drafts: () => [], calls: () => calls },
      conversation: name,
      say(question) {
        accepted = accepted
          .then(async () => {
            const response = await post(question);
            hear(question, response).catch(unlessOver);
          })
          .catch(unlessOver);
      },
    },
    close: () => over.abort(),
  };

  function unlessOver(error: unknown): void {
    if (!over.signal.aborted) throw error;
  }
}

/** Until the stream ends or breaks. */
async function* whatComes(response: Response): AsyncGenerator<Heard> {
  try {
    yield* eventsIn(response);
  } catch (error) {
    // No JSON: then it is no broken stream, but a wrong one.
    if (error instanceof SyntaxError) throw error;
  }
}
