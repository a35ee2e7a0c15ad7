import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import type { Cut } from './script.ts';

/** How events are written; all of it is legal, and a client must bear all of it. */
export interface WireOptions {
  /** Lines end in CRLF. */
  readonly crlf?: boolean;
  /** `event: x` as the workflow API writes it, not `event:x`. */
  readonly spaceAfterColon?: boolean;
  /** Split into packets of that many bytes, characters too. */
  readonly pieceBytes?: number;
  /** A comment line before each event. */
  readonly pings?: boolean;
  /** A different order of keys in each event, as Coze has it. */
  readonly shuffleKeys?: boolean;
}

/** The client's end of a run. It takes everything, also when nobody listens any more. */
export interface Outlet {
  event(name: string, data: unknown): void;
  /** An event whose data is not JSON. */
  line(name: string, data: string): void;
  raw(bytes: string | Uint8Array, pieceBytes?: number): void;
  cut(how: Cut, midLine: boolean): void;
}

export const nobody: Outlet = { event() {}, line() {}, raw() {}, cut() {} };

export function openOutlet(response: ServerResponse, wire: WireOptions, headers: object): Outlet {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    ...headers,
  });
  response.flushHeaders();
  const writer = createWriter(response);
  let turn = 0;

  function line(name: string, data: string): void {
    writer.write(encodeFrame(name, data, wire), wire.pieceBytes);
  }

  return {
    event: (name, data) =>
      line(name, JSON.stringify(wire.shuffleKeys ? rotateKeys(data, ++turn) : data) ?? ''),
    line,
    raw: (bytes, pieceBytes = wire.pieceBytes) => writer.write(bytes, pieceBytes),
    cut(how, midLine) {
      if (midLine)
        writer.write(encodeFrame('conversation.message.delta', '{"id":"7300000000000', wire).trimEnd());
      writer.end(how);
    },
  };
}

/** Writes one after the other. Between packets others get a turn, so that a client in this process sees each. */
function createWriter(response: ServerResponse) {
  let last = Promise.resolve();

  async function writePieces(bytes: Uint8Array, pieceBytes: number): Promise<void> {
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      if (response.destroyed || response.writableEnded) return;
      await new Promise<unknown>((resolve) => response.write(bytes.subarray(at, at + pieceBytes), resolve));
      if (at + pieceBytes < bytes.length) await setImmediate();
    }
  }

  return {
    write(bytes: string | Uint8Array, pieceBytes = Number.POSITIVE_INFINITY): void {
      last = last.then(() => writePieces(Buffer.from(bytes), pieceBytes));
    },
    end(how: Cut): void {
      last = last.then(() => endWith(response, how));
    },
  };
}

export function endWith(response: ServerResponse, how: Cut): void {
  if (how === 'end') response.end();
  else if (how === 'destroy') response.socket?.destroy();
  else response.socket?.resetAndDestroy();
}

function encodeFrame(name: string, data: string, wire: WireOptions): string {
  const colon = wire.spaceAfterColon ? ': ' : ':';
  const lines = [`event${colon}${name}`, `data${colon}${data}`, '', ''];
  if (wire.pings) lines.unshift(': ping', '');
  return lines.join(wire.crlf ? '\r\n' : '\n');
}

function rotateKeys(data: unknown, by: number): unknown {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return data;
  const entries = Object.entries(data);
  const at = by % Math.max(entries.length, 1);
  return Object.fromEntries([...entries.slice(at), ...entries.slice(0, at)]);
}
