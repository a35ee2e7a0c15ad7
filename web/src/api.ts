import { passesInMs } from '../../adapters/http/passing.ts';
import { readEvents } from '../../adapters/http/read-events.ts';
import type { AnswerEvent } from '../../adapters/http/wire.ts';
import { word } from './words.ts';

/** One asking: the same one again, with the same text, is the same question to the bridge. */
export interface Asking {
  readonly key: string;
  readonly session?: string | undefined;
}

interface Asked {
  readonly message: string;
  readonly session: string;
  readonly events: AsyncIterable<AnswerEvent>;
}

/** The bridge has said no, in words for the reader. */
export class Refused extends Error {
  readonly status: number;
  /** It passes by itself, and the question may have been heard all the same: when to ask again at the earliest. */
  readonly passesInMs: number | undefined;
  constructor(response: Response, words: string) {
    super(words);
    this.status = response.status;
    this.passesInMs = passesInMs(response);
  }
}

const keyName = 'coze-bridge key';

/** Kept for this tab only. */
export const key = {
  keep: (given: string) => sessionStorage.setItem(keyName, given),
  get: () => sessionStorage.getItem(keyName),
};

async function call(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  const known = key.get();
  if (known) headers.set('authorization', `Bearer ${known}`);
  const response = await fetch(path, { ...init, headers });
  if (response.ok) return response;
  throw new Refused(response, await wordsIn(response));
}

/** A proxy on the way may answer as well, with anything. */
async function wordsIn(response: Response): Promise<string> {
  const said: unknown = await response.json().catch(() => undefined);
  const detail = typeof said === 'object' && said && 'detail' in said ? said.detail : undefined;
  if (typeof detail === 'string' && detail.trim() !== '') return detail;
  return `${word('failed')} (${response.status})`;
}

export async function ask(message: string, { key, session }: Asking, signal: AbortSignal): Promise<Asked> {
  const response = await call('/chat/stream', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ message, ...(session && { session_id: session }) }),
    signal,
  });
  const { headers } = response;
  return {
    message: headers.get('x-message-id') ?? '',
    session: decodeURIComponent(headers.get('x-session-id') ?? ''),
    events: readEvents(response),
  };
}

/** The whole answer to a message, from its beginning. */
export async function follow(message: string, signal: AbortSignal): Promise<AsyncIterable<AnswerEvent>> {
  return readEvents(await call(`/chat/stream/${encodeURIComponent(message)}`, { signal }));
}

export async function stop(message: string): Promise<void> {
  await call(`/chat/${encodeURIComponent(message)}/stop`, { method: 'POST' });
}

export async function clear(session: string): Promise<void> {
  await call(`/session/${encodeURIComponent(session)}/clear`, { method: 'POST' });
}
