import { describe, expect, test } from 'vitest';
import { readEvents } from '../../../adapters/http/read-events.ts';
import type { AnswerEvent } from '../../../adapters/http/wire.ts';

const chunk = (content: string, index: number): AnswerEvent => ({
  type: 'chunk',
  data: { content, chunk_index: index },
});
const events = [chunk('潮汐: the moon', 0), chunk(' pulls 🌊\n\nthe sea.', 1)];
const [first = '', second = ''] = events.map((event) => JSON.stringify(event));

function streamOf(pieces: readonly Uint8Array[], onCancel = () => {}): Pick<Response, 'body'> {
  const rest = [...pieces];
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      const piece = rest.shift();
      if (piece) controller.enqueue(new Uint8Array(piece));
      else controller.close();
    },
    cancel: onCancel,
  });
  return { body };
}

async function heardIn(...pieces: (string | Uint8Array)[]): Promise<AnswerEvent[]> {
  const bytes = pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece));
  const heard: AnswerEvent[] = [];
  for await (const event of readEvents(streamOf(bytes))) heard.push(event);
  return heard;
}

describe('the reader of server-sent events', () => {
  const inLines = JSON.stringify(events[1], null, 2).replaceAll('\n', '\ndata: ');
  const text = `: \n\nid: 1\ndata: ${first}\n\n: ping\n\nid: 2\ndata: ${inLines}\n\n`;

  test.each([
    ['LF', text],
    ['CRLF', text.replaceAll('\n', '\r\n')],
    ['CR', text.replaceAll('\n', '\r')],
  ])('bears a cut between any two bytes, where lines end with %s', async (_name, sent) => {
    const bytes = Buffer.from(sent);
    for (let at = 0; at <= bytes.length; at++)
      expect(await heardIn(bytes.subarray(0, at), bytes.subarray(at)), `cut at ${at}`).toEqual(events);
    expect(await heardIn(...[...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(events);
  });

  test('gives an event as soon as it is whole', async () => {
    for (const end of ['\n\n', '\r\n\r\n', '\r\r']) {
      const open = new ReadableStream<Uint8Array<ArrayBuffer>>({
        start: (controller) => controller.enqueue(new Uint8Array(Buffer.from(`data: ${first}${end}`))),
      });
      expect((await readEvents({ body: open }).next()).value).toEqual(events[0]);
    }
  });

  test('joins several lines of data, with or without a space before them', async () => {
    const lines = JSON.stringify(events[0], null, 2).split('\n');
    expect(await heardIn(lines.map((line) => `data:${line}\n`).join(''), '\n')).toEqual([events[0]]);
    expect(await heardIn(lines.map((line) => `data: ${line}\n`).join(''), '\n')).toEqual([events[0]]);
  });

  test('passes over comments, other fields, and events without data', async () => {
    const sent = `retry: 5\n:data: no\ndatabase: {}\nevent: chunk\ndata: ${first}\n: between\nid: 7\n\nid: 8\n\n\n`;
    expect(await heardIn(sent)).toEqual([events[0]]);
  });

  test('drops a last event that no blank line ends, and gives nothing where there is nothing', async () => {
    expect(await heardIn(`data: ${first}\n\ndata: ${second}\n`)).toEqual([events[0]]);
    expect(await heardIn(`data: ${first}\n\ndata: {"type":"chu`)).toEqual([events[0]]);
    expect(await heardIn()).toEqual([]);
    expect(await readEvents({ body: null }).next()).toEqual({ done: true, value: undefined });
  });

  test('lets the connection go when nobody wants more, and tells when it breaks', async () => {
    let isCancelled = false;
    const stream = streamOf(
      [text, text, text].map((one) => Buffer.from(one)),
      () => {
        isCancelled = true;
      },
    );
    for await (const event of readEvents(stream)) if (event.type === 'chunk') break;
    expect(isCancelled).toBe(true);
    const broken = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (controller) => controller.error(new TypeError('terminated')),
    });
    await expect(readEvents({ body: broken }).next()).rejects.toThrow('terminated');
  });
});
