import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Call } from './call.ts';
import { type Fault, type Faults, faultDescription } from './faults.ts';
import { findMethod, perform } from './methods.ts';
import { unknownParams } from './params.ts';
import { Refusal } from './refusal.ts';
import { type ReadRequest, readBody, readParams } from './request.ts';
import type { BotState, World } from './world.ts';

export interface RecordedCall {
  readonly at: number;
  /** The bot's user name. */
  readonly bot: string;
  readonly method: string;
  readonly chatId: number | undefined;
  /** As sent: a JSON body keeps its objects. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly unknownMethod: boolean;
  /** Parameters that the platform does not have. */
  readonly unknownParams: readonly string[];
  /** Made before the deadline that an earlier 429 had set. */
  duringPenalty: boolean;
  fault: Fault['kind'] | undefined;
  /** What the server made of it; nothing while it is under way, and after a fault that kept it from being made. */
  reply: CallReply | undefined;
}

type CallReply =
  | { readonly ok: true; readonly result: unknown }
  | {
      readonly ok: false;
      readonly errorCode: number;
      readonly description: string;
      readonly retryAfter: number | undefined;
    };

export interface ServerOptions {
  readonly world: World;
  readonly faults: Faults;
  readonly calls: RecordedCall[];
  readonly port: number;
  /** Answers what people ask under /_emulator/. */
  readonly control: (method: string, url: URL, body: Buffer) => unknown;
}

export async function startServer(options: ServerOptions): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    route(options, request, response).catch((error: unknown) => answerError(response, error));
  });
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function route(
  options: ServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const body = await readBody(request);
  if (url.pathname.startsWith('/_emulator/')) {
    return answer(response, 200, {
      ok: true,
      result: await options.control(request.method ?? 'GET', url, body),
    });
  }
  const [, token, method] = /^\/bot([^/]+)\/([^/]*)$/.exec(decodeURIComponent(url.pathname)) ?? [];
  if (token === undefined || method === undefined) throw new Refusal(404, 'Not Found');
  const bot = options.world.bots.get(token);
  if (bot === undefined) throw new Refusal(401, 'Unauthorized');
  const read = readParams(url.searchParams, request.headers['content-type'] ?? '', body);
  await carryOut(options, bot, method, read, response);
}

async function carryOut(
  { world, calls, faults }: ServerOptions,
  bot: BotState,
  name: string,
  { params, files, sent }: ReadRequest,
  response: ServerResponse,
): Promise<void> {
  const method = findMethod(name, world);
  const chatId = /^-?\d+$/.test(params.chat_id ?? '') ? Number(params.chat_id) : undefined;
  const fault = faults.take(name, chatId);
  const record: RecordedCall = {
    at: world.now(),
    bot: bot.user.username,
    method: method ?? name,
    chatId,
    params: sent,
    unknownMethod: findMethod(name) === undefined,
    unknownParams: method === undefined ? [] : unknownParams(method, params, files),
    duringPenalty: false,
    fault: fault?.kind,
    reply: undefined,
  };
  calls.push(record);
  if (fault !== undefined && (await misbehave(fault, response))) return;
  const hungUp = new AbortController();
  response.on('close', () => hungUp.abort());
  const call: Call = { world, bot, params, files, signal: hungUp.signal, duringPenalty: false };
  try {
    if (method === undefined) throw new Refusal(404, 'Not Found');
    record.reply = { ok: true, result: await perform(method, call) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { code, message, parameters } = error;
    record.reply = { ok: false, errorCode: code, description: message, retryAfter: parameters?.retry_after };
    if (!isMute(fault)) answerError(response, error);
  }
  record.duringPenalty = call.duringPenalty;
  if (fault?.kind === 'drop') response.destroy();
  else if (record.reply.ok && !isMute(fault)) answer(response, 200, record.reply);
}

const isMute = (fault: Fault | undefined): boolean => fault?.kind === 'drop' || fault?.kind === 'hang';

/** True when the call goes no further. */
async function misbehave(fault: Fault, response: ServerResponse): Promise<boolean> {
  switch (fault.kind) {
    case 'refuse': {
      const { code, retryAfter } = fault;
      const parameters = retryAfter === undefined ? undefined : { retry_after: retryAfter };
      answerError(response, new Refusal(code, faultDescription(fault), parameters));
      return true;
    }
    case 'page':
      response.writeHead(fault.code, { 'content-type': 'text/html' });
      response.end(
        `<html><head><title>${fault.code}</title></head><body><h1>${fault.code}</h1></body></html>\n`,
      );
      return true;
    case 'hang':
      return !fault.landed;
    case 'drop':
      if (!fault.landed) response.destroy();
      return !fault.landed;
    case 'delay':
      await sleep(fault.ms);
      return false;
  }
}

function answerError(response: ServerResponse, error: unknown): void {
  const refusal =
    error instanceof Refusal ? error : new Refusal(500, `Internal Server Error: ${String(error)}`);
  const { code, message, parameters } = refusal;
  if (parameters?.retry_after !== undefined) response.setHeader('retry-after', parameters.retry_after);
  answer(response, code, {
    ok: false,
    error_code: code,
    description: message,
    ...(parameters && { parameters }),
  });
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  if (response.writableEnded || response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
