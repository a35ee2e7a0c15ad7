import type { ServerResponse } from 'node:http';
import type { Call } from './call.ts';
import { type Fault, isFault } from './fault.ts';
import { isFields } from './fields.ts';
import type { RecordedRequest } from './requests.ts';
import { isScript, type Script } from './script.ts';

/** The emulator's own strings, for people and for other processes. */
export interface Controls {
  readonly requests: readonly RecordedRequest[];
  answer(script: Script): void;
  fault(fault: Fault, times?: number): void;
  reset(): void;
}

/**
 * `GET /_emulator/requests`, `POST /_emulator/answer` with a script, `POST /_emulator/fault` with a fault and
 * perhaps `times`, `POST /_emulator/reset`.
 */
export function control(call: Call, controls: Controls, response: ServerResponse): void {
  const [status, reply] = decide(call, controls);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(`${JSON.stringify(reply, undefined, 2)}\n`);
}

function decide({ method, path, body }: Call, controls: Controls): [status: number, reply: unknown] {
  switch (`${method} ${path}`) {
    case 'GET /_emulator/requests':
      return [200, controls.requests];
    case 'POST /_emulator/answer':
      if (!isScript(body)) return [400, { error: 'not a script: {"steps":[{"say":"Hello"}]} is one' }];
      controls.answer(body);
      return [200, {}];
    case 'POST /_emulator/fault':
      if (!isFault(body)) return [400, { error: 'not a fault: {"on":"/v3/chat","reply":"drop"} is one' }];
      controls.fault(body, isFields(body) && typeof body.times === 'number' ? body.times : 1);
      return [200, {}];
    case 'POST /_emulator/reset':
      controls.reset();
      return [200, {}];
    default:
      return [404, { error: 'there are requests, answer, fault and reset' }];
  }
}
