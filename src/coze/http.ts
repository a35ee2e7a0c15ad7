import axios, { type AxiosAdapter } from 'axios';

/**
 * Not `fetch`, the SDK's choice for streams: after an abort it opens a connection that nobody asked for and keeps it,
 * it gives up by itself after 300 s of silence, and it would take another way out than the calls that are no streams.
 */
export const viaHttp = axios.getAdapter('http');

/** What every request to Coze is sent with, the one for a token too. */
export function sendingBy(adapter: AxiosAdapter, signal: AbortSignal) {
  return {
    adapter,
    signal,
    responseType: 'stream' as const,
    validateStatus: null,
    // A redirected POST becomes a GET without its question.
    maxRedirects: 0,
    // Axios would read the environment, which is config.ts's alone to read.
    proxy: false as const,
  };
}
