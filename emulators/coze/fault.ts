import type { ServerResponse } from 'node:http';
import { type OAuthErrorForm, oauthError } from './oauth.ts';
import { endWith } from './wire.ts';

/** How calls go wrong before any event. */
export type Fault = FaultTarget & Misfortune;

interface FaultTarget {
  /** Which calls: a path, with `*` for anything, and a method before it if that matters (`POST /v3/chat`). */
  readonly on: string;
  readonly delayMs?: number;
  /** Coze has done what was asked, and only its reply is lost. Default: it never heard of it. */
  readonly taken?: boolean;
}

export type Misfortune =
  /** Only late. */
  | { readonly reply: 'normal' }
  | {
      readonly reply: 'json';
      readonly code: number;
      readonly msg?: string;
      /** Default: 200, the usual form. */
      readonly status?: number;
      /** Default: `compact`, without a newline at the end. */
      readonly form?: 'compact' | 'newline' | 'pretty' | 'pretty-newline';
      readonly retryAfter?: string;
    }
  /** An error where tokens are given out. */
  | {
      readonly reply: 'oauth';
      readonly error: string;
      readonly message?: string;
      readonly status?: number;
      readonly form?: OAuthErrorForm;
      readonly retryAfter?: string;
    }
  | { readonly reply: 'html'; readonly status?: number; readonly retryAfter?: string }
  /** 200 and nothing. */
  | { readonly reply: 'empty' }
  /** The connection closes before any header. */
  | { readonly reply: 'drop' }
  /** No header ever comes. */
  | { readonly reply: 'hang' };

/** The faults that are to come, each for so many calls. */
export function createFaults() {
  let waiting: { readonly fault: Fault; left: number }[] = [];
  return {
    add(fault: Fault, times: number): void {
      waiting.push({ fault, left: times });
    },
    take(method: string, path: string): Fault | undefined {
      const found = waiting.find(({ fault }) => matches(fault.on, method, path));
      if (found && --found.left <= 0) waiting = waiting.filter((other) => other !== found);
      return found?.fault;
    },
    clear(): void {
      waiting = [];
    },
  };
}

function matches(pattern: string, method: string, path: string): boolean {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${source}$`).test(pattern.includes(' ') ? `${method} ${path}` : path);
}

/** Answers with the misfortune; returns the status that was sent, if any. */
export function misbehave(fault: Misfortune, response: ServerResponse, logid: string): number | undefined {
  if (fault.reply === 'drop') endWith(response, 'destroy');
  if (fault.reply === 'empty') response.writeHead(200, { 'content-type': 'text/event-stream' }).end();
  if (fault.reply === 'html') {
    const status = fault.status ?? 200;
    response.writeHead(status, { 'content-type': 'text/html', ...retryAfter(fault.retryAfter) });
    response.end(`<html><head><title>${status}</title></head>\n<body><h1>${status}</h1></body></html>`);
  }
  if (fault.reply === 'json') {
    const { code, msg = 'The emulator was told to fail', form = 'compact' } = fault;
    response.writeHead(fault.status ?? 200, {
      'content-type': 'application/json; charset=utf-8',
      ...retryAfter(fault.retryAfter),
    });
    const indent = form.startsWith('pretty') ? 2 : 0;
    const newline = form.endsWith('newline') ? '\n' : '';
    response.end(JSON.stringify({ code, msg, detail: { logid } }, undefined, indent) + newline);
  }
  if (fault.reply === 'oauth') {
    const { error, message = 'The emulator was told to fail', status = 400 } = fault;
    response.writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      ...retryAfter(fault.retryAfter),
    });
    response.end(JSON.stringify(oauthError(error, message, fault.form)));
  }
  return response.headersSent ? response.statusCode : undefined;
}

const retryAfter = (value: string | undefined) => (value === undefined ? {} : { 'retry-after': value });

const replies = ['normal', 'json', 'oauth', 'html', 'empty', 'drop', 'hang'];

/** For faults from outside. */
export function isFault(value: unknown): value is Fault {
  if (typeof value !== 'object' || value === null || !('on' in value && 'reply' in value)) return false;
  return typeof value.on === 'string' && replies.includes(String(value.reply));
}
