import http, { type Agent as HttpAgent, type IncomingMessage, type RequestOptions } from 'node:http';
import https, { type Agent as HttpsAgent } from 'node:https';
import axios, { type AxiosAdapter } from 'axios';

/** What connects, where that is not done directly. */
export interface Agents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
}

/**
 * Not `fetch`, the SDK's choice for streams: after an abort it opens a connection that nobody asked for and keeps it,
 * it gives up by itself after 300 s of silence, and it would take another way out than the calls that are no streams.
 */
export const viaHttp = axios.getAdapter('http');

/**
 * A connection keeps the options of the request that it was opened for, as long as it lives. Those that axios adds are
 * for redirects, which we do not follow, and hold the whole request and whatever waited for it.
 */
const transport = {
  request(options: RequestOptions, onResponse: (response: IncomingMessage) => void) {
    const { request } = options.protocol === 'https:' ? https : http;
    const ours = { ...options, beforeRedirect: undefined, beforeRedirects: undefined };
    return request(ours, onResponse);
  },
};

/** What every request to Coze is sent with, the one for a token too. */
export function sendingBy(adapter: AxiosAdapter, signal: AbortSignal, agents: Agents | undefined) {
  return {
    adapter,
    signal,
    responseType: 'stream' as const,
    validateStatus: null,
    // A redirected POST becomes a GET without its question.
    maxRedirects: 0,
    transport,
    // Axios would read the environment, which is config.ts's alone to read.
    proxy: false as const,
    httpAgent: agents?.httpAgent,
    httpsAgent: agents?.httpsAgent,
  };
}
