import type { CozeFailed } from '../core/errors.ts';
import { createEventStream, type StreamEvent } from './event-stream.ts';
import { failureOfReply, type ReplyHead } from './refusal.ts';

/** The events that mean something to us. Others may hold anything: `audio.delta` is large, a ping need not be JSON. */
const understood = /^(?:conversation\.(?:chat|message|stream)\.\w+|done|error)$/;

export interface SdkStreamOptions {
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly head: ReplyHead;
  /** The most that one event may have. */
  readonly maxBytes: number;
  /** Notes why the stream ends before its time: the SDK then ends it as if it were complete. */
  readonly fail: (error: unknown) => CozeFailed;
}

/**
 * The reply's event stream, written again for the SDK's parser: each event whole, in one piece, in the only form that
 * it reads right. That parser takes lone CRs, data of several lines and a last line without its end for errors, gives
 * an event the name of the one before it, drops one without data, throws over studio's empty data, and splits the same
 * pending line again with every packet, in quadratic time. A reply that is no event stream throws what it says.
 */
export async function* forSdk({ bytes, head, maxBytes, fail }: SdkStreamOptions): AsyncGenerator<Uint8Array> {
  const stream = createEventStream(maxBytes);
  let outside = '';
  let events = 0;

  function* rewrite(read: Iterable<StreamEvent>): Generator<Uint8Array> {
    for (const { name, data } of read) {
      if (name === '') outside = data;
      if (!understood.test(name)) continue;
      events += 1;
      // In JSON a line break can only be between two words, where a space does as well.
      yield Buffer.from(`event:${name}\ndata:${data.replaceAll('\n', ' ') || '{}'}\n\n`);
    }
  }

  try {
    for await (const piece of bytes) {
      for (const event of rewrite(stream.push(piece))) yield event;
    }
    for (const event of rewrite(stream.rest())) yield event;
    if (events === 0) throw failureOfReply(head, outside);
  } catch (error) {
    throw fail(error);
  }
}
