import type { AnswerEvent } from './wire.ts';

/**
 * The events of an answer, as they come: https://html.spec.whatwg.org/multipage/server-sent-events.html. An event that was
 * cut off before its blank line is none. Browsers run this too, and not all of them can iterate a stream.
 */
export async function* readEvents({ body }: Pick<Response, 'body'>): AsyncGenerator<AnswerEvent> {
  if (!body) return;
  const reader = body.getReader();
  const linesIn = createLineCutter();
  const decoder = new TextDecoder();
  let data: string[] = [];
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      for (const line of linesIn(decoder.decode(value, { stream: true }))) {
        const [, more] = /^data(?:: ?|$)(.*)$/s.exec(line) ?? [];
        if (more !== undefined) data.push(more);
        if (line !== '' || data.length === 0) continue;
        yield JSON.parse(data.join('\n')) as AnswerEvent;
        data = [];
      }
    }
  } finally {
    // Who has heard enough holds no connection. Where it broke, that has been told.
    reader.cancel().catch(() => undefined);
  }
}

/** Gives the lines that are whole with each piece of a text; CR, LF and CRLF end one, wherever the pieces are cut. */
function createLineCutter(): (piece: string) => string[] {
  let rest = '';
  let endedInCr = false;
  return (piece) => {
    if (piece === '') return [];
    const more = endedInCr && piece.startsWith('\n') ? piece.slice(1) : piece;
    endedInCr = piece.endsWith('\r');
    const lines = (rest + more).split(/\r\n|\r|\n/);
    rest = lines.pop() ?? '';
    return lines;
  };
}
