import { type AxiosAdapter, AxiosHeaders, type AxiosResponse } from 'axios';
import { CozeFailed } from '../core/errors.ts';
import type { Clock } from '../core/ports/world.ts';
import { type Agents, sendingBy, viaHttp } from './http.ts';
import type { CozeLimits } from './limits.ts';
import { failureOfReply, type ReplyHead, retryAfterMs } from './refusal.ts';
import { createSilence } from './silence.ts';
import type { Tokens } from './tokens.ts';

/** The way to Coze. */
export interface Line {
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly limits: CozeLimits;
  readonly agents?: Agents | undefined;
}

/** The way to Coze, and what lets us in. */
export interface Access extends Line {
  readonly tokens: Tokens;
}

export interface WireOptions {
  readonly line: Line;
  readonly signal: AbortSignal | undefined;
  /** How long from now the other side may be silent. */
  readonly patienceMs: () => number;
  /** What it means, now, that nothing more is heard. */
  readonly lost: (said: string) => CozeFailed;
  /** Makes of a reply, when it is no refusal, what the SDK gets for its body. */
  readonly read: (bytes: AsyncIterable<Uint8Array>, head: ReplyHead) => unknown;
  /** What a refusal means; by default, what it means everywhere but where tokens are given out. */
  readonly refusal?: (head: ReplyHead, body: string) => CozeFailed;
}

/** One request to Coze. */
export interface Wire {
  /** What the official SDK must send this one request with. */
  readonly sending: ReturnType<typeof sendingBy>;
  /** Coze's id of the request, once there is a reply. */
  readonly logid: string | undefined;
  /** What went wrong first. */
  readonly failure: CozeFailed | undefined;
  /** Notes what went wrong, and gives what went wrong first. */
  fail(error: unknown): CozeFailed;
  /** Closes the connection, if it is still in use. */
  close(): void;
}

/**
 * Puts an adapter under the SDK that notes what the SDK loses: the code and words of a refusal, its true status,
 * why a connection broke, the log id. Whoever uses the wire asks it, and not the SDK's errors, what happened.
 * Each request has an AbortController of its own: nothing else closes a stream whose reader stops early, and
 * listeners do not pile up on the caller's signal.
 */
export function openWire(options: WireOptions): Wire {
  const { line, signal, patienceMs, lost, read, refusal = failureOfReply } = options;
  const own = new AbortController();
  let failure: CozeFailed | undefined;
  let logid: string | undefined;

  const fail = (error: unknown): CozeFailed => {
    failure ??= error instanceof CozeFailed ? error : lost(causeOf(error));
    return failure;
  };

  /** Our own limit: with axios' `timeout` the SDK ends a stream as if it were complete. */
  const silence = createSilence({
    clock: line.clock,
    patienceMs,
    onTooLong(ms) {
      fail(lost(`nothing came for ${ms} ms`));
      own.abort('too late');
    },
  });

  async function* bytesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      for await (const piece of body) {
        silence.over();
        yield piece;
        silence.begins();
      }
    } finally {
      silence.end();
    }
  }

  const adapter: AxiosAdapter = async (config) => {
    try {
      silence.begins();
      const response = await viaHttp(config);
      const head = headOf(response, line.clock.now());
      logid = head.logid;
      const bytes = bytesOf(response.data);
      if (head.status >= 300) throw refusal(head, await textOf(bytes));
      return { ...response, data: await read(bytes, head) };
    } catch (error) {
      silence.end();
      // Without a `status` of its own the SDK has no advice to print on the console for it.
      throw fail(error);
    }
  };

  return {
    sending: sendingBy(adapter, signal ? AbortSignal.any([signal, own.signal]) : own.signal, line.agents),
    get logid() {
      return logid;
    },
    get failure() {
      return failure;
    },
    fail,
    close() {
      silence.end();
      own.abort('closed');
    },
  };
}

export async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

function headOf({ status, headers }: AxiosResponse, now: number): ReplyHead {
  const header = (name: string): string | undefined => {
    const value = AxiosHeaders.from(headers as AxiosHeaders).get(name);
    return typeof value === 'string' ? value : undefined;
  };
  return {
    status,
    contentType: header('content-type') ?? '',
    logid: header('x-tt-logid'),
    retryAfterMs: retryAfterMs(header('retry-after'), now),
  };
}

/** The system's word for a lost connection, such as ECONNRESET. Never the message: axios' errors hold the request. */
function causeOf(error: unknown): string {
  const { code, cause } = Object(error);
  if (cause) return causeOf(cause);
  return typeof code === 'string' ? code : 'the connection broke';
}
