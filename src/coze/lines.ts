const lineFeed = 10;
const carriageReturn = 13;

/** Whole lines only, so no character is ever cut in two; it also drops a byte order mark. */
const decoder = new TextDecoder();

export interface Lines {
  /** The lines that these bytes end: by LF, CRLF or a lone CR, as the standard of event streams allows. */
  push(bytes: Uint8Array): Generator<string>;
  /** The last line, when nothing ended it. */
  rest(): string;
  /** How many bytes wait for the end of their line. */
  readonly waiting: number;
}

/** Cuts bytes into lines. Each byte is looked at once, however the network has cut them. */
export function createLines(): Lines {
  let pieces: Uint8Array[] = [];
  let waiting = 0;
  let afterReturn = false;

  const hold = (piece: Uint8Array): void => {
    if (piece.length === 0) return;
    pieces.push(piece);
    waiting += piece.length;
  };
  const rest = (): string => {
    const line = decoder.decode(Buffer.concat(pieces));
    pieces = [];
    waiting = 0;
    return line;
  };

  return {
    *push(bytes) {
      let start = 0;
      for (let at = 0; at < bytes.length; at += 1) {
        const byte = bytes[at];
        if (byte === carriageReturn || (byte === lineFeed && !afterReturn)) {
          hold(bytes.subarray(start, at));
          yield rest();
        }
        if (byte === carriageReturn || byte === lineFeed) start = at + 1;
        afterReturn = byte === carriageReturn;
      }
      hold(bytes.subarray(start));
    },
    rest,
    get waiting() {
      return waiting;
    },
  };
}
