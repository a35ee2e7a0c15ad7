import { readEvents } from './event-stream.ts';
import { failureOfReply, type ReplyHead } from './refusal.ts';

/** The events that mean something to us. Others may hold anything: `audio.delta` is large, a ping need not be JSON. */
const understood = /^(?:conversation\.(?:chat|message|stream)\.\w+|done|error)$/;

/**
 * The reply's event stream, written again for the SDK's parser: each event whole, in one piece, in the only form that
 * it reads right. That parser takes lone CRs, data of several lines and a last line without its end for errors, gives
 * an event the name of the one before it, drops one without data, throws over studio's empty data, and splits the same
 * pending line again with every packet, in quadratic time. A reply that is no event stream throws what it says.
 */
export async function* forSdk(
  bytes: AsyncIterable<Uint8Array>,
  head: ReplyHead,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  let outside = '';
  let events = 0;
  for await (const { name, data } of readEvents(bytes, maxBytes)) {
    if (name === '') outside = data;
    if (!understood.test(name)) continue;
    events += 1;
    // In JSON a line break can only be between two words, where a space does as well.
    yield Buffer.from(`event:${name}\ndata:${data.replaceAll('\n', ' ') || '{}'}\n\n`);
  }
  if (events === 0) throw failureOfReply(head, outside);
}
