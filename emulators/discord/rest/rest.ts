import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, send } from '../answer.ts';
import type { CallOptions } from '../call.ts';
import { answerFault, type Faults } from '../faults.ts';
import { createPenalties } from '../penalties.ts';
import type { RateLimiter } from '../rate-limit.ts';
import type { RecordedCall } from '../recorded-call.ts';
import type { Route } from '../routes.ts';
import type { RestRequest } from '../server.ts';
import type { World } from '../world.ts';
import { perform } from './perform.ts';
import { receive, record } from './receive.ts';

export interface RestOptions {
  readonly world: World;
  readonly limiter: RateLimiter;
  readonly faults: Faults;
  readonly calls: RecordedCall[];
  readonly routes: readonly Route[];
  readonly options: CallOptions;
}

/** Answers calls of Discord's REST API, and keeps a record of every one. */
export function createRest(rest: RestOptions): (request: RestRequest) => Promise<void> {
  const { world, limiter, calls, faults } = rest;
  const penalties = createPenalties();

  function settle(answer: Answer, [own = '', everywhere = own]: readonly string[]) {
    const scope = answer.headers['x-ratelimit-scope'];
    const isInvalid = [401, 403, 429].includes(answer.status) && scope !== 'shared';
    if (isInvalid) limiter.countInvalid();
    if (answer.status !== 429) return;
    const silentMs = Number(answer.headers['retry-after'] ?? 0) * 1000;
    penalties.add(scope === 'global' ? everywhere : own, world.now() + silentMs);
  }

  return async (request) => {
    const { response } = request;
    const received = receive(rest, request);
    const call = record(world, received);
    call.duringPenalty = received.limitKeys.some((key) => penalties.isOn(key, world.now()));
    calls.push(call);
    const fault = faults.take(call);
    call.fault = fault?.kind;
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'drop' && !fault.landed) return hangUp(response, fault.reset);
    if (fault?.kind === 'delay') await sleep(fault.ms);
    const answer = answerFault(fault) ?? perform(rest, received);
    call.reply = { status: answer.status, body: answer.body };
    settle(answer, received.limitKeys);
    if (fault?.kind === 'drop') hangUp(response, fault.reset);
    else send(response, answer);
  };
}

function hangUp(response: ServerResponse, reset: boolean): void {
  if (reset) response.socket?.resetAndDestroy();
  else response.destroy();
}
