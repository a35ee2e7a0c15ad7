import { CozeAPI } from '@coze/api';
import axios, { type AxiosAdapter, AxiosHeaders, type AxiosResponse } from 'axios';
import { CozeFailed } from '../core/errors.ts';
import type { Clock } from '../core/ports/world.ts';
import type { CozeLimits } from './limits.ts';
import { failureOfReply, type ReplyHead, retryAfterMs } from './refusal.ts';

/** What every request needs. */
export interface Access {
  /** A function is asked for each request. It may reject with CozeFailed. */
  readonly token: string | (() => Promise<string>);
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly limits: CozeLimits;
}

export interface WireOptions {
  readonly access: Access;
  readonly signal: AbortSignal | undefined;
  /** How long from now the other side may be silent. */
  readonly patienceMs: () => number;
  /** What it means, now, that nothing more is heard. */
  readonly lost: (said: string) => CozeFailed;
  /** Makes of a reply, when it is no refusal, what the SDK gets for its body. */
  readonly read: (bytes: AsyncIterable<Uint8Array>, head: ReplyHead) => unknown;
}

/** One request to Coze. */
export interface Wire {
  /** The official SDK, for this one request. */
  readonly coze: CozeAPI;
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
 * Not `fetch`, the SDK's choice for streams: after an abort it opens a connection that nobody asked for and keeps it,
 * it gives up by itself after 300 s of silence, and it would take another way out than the calls that are no streams.
 */
const viaHttp = axios.getAdapter('http');

/**
 * Puts an adapter under the SDK that notes what the SDK loses: the code and words of a refusal, its true status,
 * why a connection broke, the log id. Whoever uses the wire asks it, and not the SDK's errors, what happened.
 * Each request has an AbortController of its own: nothing else closes a stream whose reader stops early, and
 * listeners do not pile up on the caller's signal.
 */
export function openWire({ access, signal, patienceMs, lost, read }: WireOptions): Wire {
  const own = new AbortController();
  let failure: CozeFailed | undefined;
  let logid: string | undefined;

  const fail = (error: unknown): CozeFailed => {
    failure ??= error instanceof CozeFailed ? error : lost(causeOf(error));
    return failure;
  };

  /** Our own limit: with axios' `timeout` the SDK ends a stream as if it were complete. */
  async function within<T>(work: Promise<T>): Promise<T> {
    const over = new AbortController();
    const ms = Math.max(patienceMs(), 0);
    const giveUp = (): void => {
      fail(lost(`nothing came for ${ms} ms`));
      own.abort('too late');
    };
    access.clock.sleep(ms, over.signal).then(giveUp, () => undefined);
    try {
      return await work;
    } finally {
      over.abort('in time');
    }
  }

  async function* bytesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const reader = body[Symbol.asyncIterator]();
    for (;;) {
      const { done, value } = await within(reader.next());
      if (done) return;
      yield value;
    }
  }

  const adapter: AxiosAdapter = async (config) => {
    try {
      const response = await within(viaHttp(config));
      const head = headOf(response, access.clock.now());
      logid = head.logid;
      const bytes = bytesOf(response.data);
      if (head.status >= 300) throw failureOfReply(head, await textOf(bytes));
      return { ...response, data: await read(bytes, head) };
    } catch (error) {
      // Without a `status` of its own the SDK has no advice to print on the console for it.
      throw fail(error);
    }
  };

  return {
    coze: new CozeAPI({
      token: tokenOf(access),
      baseURL: access.baseUrl,
      axiosOptions: {
        adapter,
        signal: signal ? AbortSignal.any([signal, own.signal]) : own.signal,
        responseType: 'stream',
        validateStatus: null,
        // A redirected POST becomes a GET without its question.
        maxRedirects: 0,
        // Axios would read the environment, which is config.ts's alone to read.
        proxy: false,
      },
    }),
    get logid() {
      return logid;
    },
    get failure() {
      return failure;
    },
    fail,
    close: () => own.abort('closed'),
  };
}

export async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

function tokenOf({ token }: Access): string | (() => Promise<string>) {
  if (typeof token === 'string') return token;
  return () =>
    token().catch((error: unknown) => {
      if (error instanceof CozeFailed) throw error;
      throw new CozeFailed(
        { kind: 'token', said: 'no token could be obtained', retryable: false },
        { cause: error },
      );
    });
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
