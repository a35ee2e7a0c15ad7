import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';
import type { Asked } from './counter.ts';
import { type Listening, listen, type Told } from './telling.ts';
import type { AnswerEvent } from './wire.ts';

/** Proxies close what is silent for longer than a minute or so. */
const pingEveryMs = 15_000;

/** Who reads nothing for so long has gone. */
const drainForMs = 60_000;

interface Resuming extends Listening {
  /** The id of the last event that the client has had; without it, all is told from the beginning. */
  readonly after: string | undefined;
}

/** An answer as server-sent events, which end with it. Closed before that, it is listened to no more. */
export function eventsOf(listening: Omit<Resuming, 'signal'>): Readable {
  const out = new PassThrough();
  const over = new AbortController();
  const pinging = setInterval(() => void out.write(': ping\n\n'), pingEveryMs);
  out.once('close', () => {
    clearInterval(pinging);
    over.abort();
  });
  // Whoever opens it knows at once that it is there.
  out.write(': \n\n');
  void pour(events({ ...listening, signal: over.signal }), out, {
    signal: over.signal,
    // It is counted from the last word on.
    onEvent: () => void pinging.refresh(),
    onEnd: () => clearInterval(pinging),
  });
  return out;
}

interface Pouring {
  readonly signal: AbortSignal;
  readonly onEvent: () => void;
  readonly onEnd: () => void;
}

async function pour(
  source: AsyncIterable<string>,
  out: PassThrough,
  { signal, onEvent, onEnd }: Pouring,
): Promise<void> {
  try {
    for await (const event of source) {
      onEvent();
      if (out.write(event)) continue;
      await once(out, 'drain', { signal: AbortSignal.any([signal, AbortSignal.timeout(drainForMs)]) });
    }
    onEnd();
    out.end();
  } catch (error) {
    out.destroy(error instanceof Error ? error : undefined);
  }
}

async function* events({ after, ...listening }: Resuming): AsyncGenerator<string> {
  const last = placeOf(after);
  for await (const told of listen(listening)) {
    // The end has all of it, for who has an id that is higher than any.
    const isLast = told.telling.type === 'end' && told.id !== after;
    if (Number(told.id) > last || isLast) yield toEvent(told, listening.asked);
  }
}

/** Ids count up. One that we cannot have given says nothing: then all is told, better twice than not at all. */
const placeOf = (id: string | undefined): number => (id !== undefined && /^\d+$/.test(id) ? Number(id) : 0);

function toEvent({ id, telling }: Told, asked: Asked): string {
  return `id: ${id}\ndata: ${JSON.stringify(toJson(telling, asked))}\n\n`;
}

function toJson(telling: Told['telling'], { message, session }: Asked): AnswerEvent {
  if (telling.type === 'chunk')
    return { type: 'chunk', data: { content: telling.content, chunk_index: telling.index } };
  if (telling.type === 'replace') return { type: 'replace', data: { content: telling.content } };
  const { content, chunks, ended } = telling;
  const ids = { message_id: message, session_id: session, conversation_id: ended.conversationId ?? null };
  if (ended.outcome === 'failed')
    return {
      type: 'error',
      data: { message: ended.words ?? 'It failed.', code: ended.failure ?? 'failed', ...ids },
    };
  return {
    type: 'complete',
    data: {
      total_chunks: chunks,
      full_content: content,
      ...ids,
      follow_ups: ended.followUps ?? [],
      status: ended.outcome,
      usage: ended.usage ?? null,
    },
  };
}
