import { CozeFailed } from '../core/errors.ts';
import { createLines } from './lines.ts';

/** One event of a `text/event-stream`. */
export interface StreamEvent {
  /** Empty for what came outside of any named event. */
  readonly name: string;
  readonly data: string;
}

/** Takes an event stream in, piece by piece. */
export interface EventStream {
  /** The events that these bytes end. */
  push(bytes: Uint8Array): Generator<StreamEvent>;
  /** What is left when no more bytes come. */
  rest(): Generator<StreamEvent>;
}

/**
 * Reads an event stream by the standard, but for its end: an event that lacks only the last empty line counts, because
 * an answer must not be lost for a line end. Text that is no event stream at all comes as one event without a name.
 */
export function createEventStream(maxBytes: number): EventStream {
  const lines = createLines();
  const reader = createEventReader();
  const check = (): void => {
    if (lines.waiting + reader.size > maxBytes) throw tooLarge(maxBytes);
  };
  return {
    *push(bytes) {
      for (const line of lines.push(bytes)) {
        const event = reader.line(line);
        check();
        if (event) yield event;
      }
      check();
    },
    *rest() {
      const last = reader.line(lines.rest()) ?? reader.line('');
      if (last) yield last;
      const stray = reader.stray();
      if (stray) yield { name: '', data: stray };
    },
  };
}

function createEventReader() {
  let name = '';
  let data: string[] = [];
  let stray: string[] | undefined = [];
  let size = 0;

  const dispatch = (): StreamEvent | undefined => {
    const event = { name, data: data.join('\n') };
    const empty = name === '' && data.length === 0;
    name = '';
    data = [];
    if (empty) return undefined;
    stray = undefined;
    size = 0;
    return event;
  };

  return {
    /** Takes a line in, and gives the event that it ends. */
    line(line: string): StreamEvent | undefined {
      if (line === '') return dispatch();
      const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
      if (field === '') return undefined;
      if (field === 'event') name = value;
      else if (field === 'data') data.push(value);
      else if (field !== 'id' && field !== 'retry') stray?.push(line);
      size += line.length;
      return undefined;
    },
    stray: () => stray?.join('\n') ?? '',
    get size() {
      return size;
    },
  };
}

function tooLarge(maxBytes: number): CozeFailed {
  return new CozeFailed({
    kind: 'failed',
    said: `an event of more than ${maxBytes} bytes`,
    retryable: false,
  });
}
