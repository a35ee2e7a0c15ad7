import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Call, type Reply, readCall } from './call.ts';
import { type Controls, control } from './control.ts';
import type { Dialect } from './dialect.ts';
import { type createFaults, misbehave } from './fault.ts';
import { createLogid } from './ids.ts';
import { Refusal } from './refusal.ts';
import { type OpenRecord, recordOf } from './requests.ts';
import { nobody, openOutlet, type WireOptions } from './wire.ts';

interface ListenerOptions {
  readonly route: (call: Call) => Reply;
  readonly dialect: Dialect;
  readonly faults: ReturnType<typeof createFaults>;
  readonly controls: Controls & { readonly requests: OpenRecord[] };
  readonly wire: WireOptions;
  readonly signal: AbortSignal;
}

/** Takes requests: writes them down, lets faults go first, and puts replies on the wire. */
export function createListener(options: ListenerOptions) {
  const { dialect, faults, controls } = options;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = await readCall(request);
    if (call.path.startsWith('/_emulator/')) return control(call, controls, response);
    const record = recordOf(call);
    controls.requests.push(record);
    response.on('close', () => {
      record.broken = !response.writableFinished;
    });
    const logid = createLogid();
    response.setHeader('x-tt-logid', logid);
    const fault = faults.take(call.method, call.path);
    if (fault?.delayMs) await sleep(fault.delayMs, undefined, { signal: options.signal });
    if (!fault || fault.reply === 'normal') return reply(call, record, response, logid);
    if (fault.taken) start(decide(call));
    const status = misbehave(fault, response, logid);
    if (status !== undefined) record.status = status;
    if (fault.reply === 'json') record.code = fault.code;
  }

  function decide(call: Call): Reply | Refusal {
    try {
      return options.route(call);
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }

  function reply(call: Call, record: OpenRecord, response: ServerResponse, logid: string): void {
    const decided = decide(call);
    if (!(decided instanceof Refusal) && 'stream' in decided) {
      record.status = 200;
      decided.stream(openOutlet(response, options.wire, dialect.streamHeaders));
      return;
    }
    if (!(decided instanceof Refusal) && 'bare' in decided) {
      record.status = decided.status;
      response.writeHead(decided.status, { 'content-type': 'application/json; charset=utf-8' });
      response.end(JSON.stringify(decided.bare));
      return;
    }
    const refused = decided instanceof Refusal;
    const { status, code } = refused ? dialect.refuse(decided) : { status: 200, code: 0 };
    Object.assign(record, { status, code });
    response.writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      ...(refused && decided.headers),
    });
    const body = refused ? { msg: decided.message } : { msg: '', ...decided.json };
    response.end(JSON.stringify({ code, ...body, detail: { logid } }));
  }

  return (request: IncomingMessage, response: ServerResponse): void => {
    serve(request, response).catch((error: unknown) => {
      if (!options.signal.aborted && !request.errored) throw error;
    });
  };
}

/** The run of a call whose reply is lost. */
function start(decided: Reply | Refusal): void {
  if (!(decided instanceof Refusal) && 'stream' in decided) decided.stream(nobody);
}
