import { type Answer, limitAnswer, pageAnswer, refusalAnswer, toJson } from '../answer.ts';
import type { Call } from '../call.ts';
import { invalid } from '../forms/form.ts';
import { Refusal, refuse, refuseStatus } from '../refusal.ts';
import type { Match } from '../routes.ts';
import { isSnowflake } from '../snowflake.ts';
import type { Received } from './receive.ts';
import type { RestOptions } from './rest.ts';

/** Carries a call out, unless it may not be made or comes too often. */
export function perform(rest: RestOptions, received: Received): Answer {
  const { limiter } = rest;
  const { match, bot, limitKeys } = received;
  // After too many invalid calls the server in front of Discord answers in its stead.
  if (limiter.isBanned()) return pageAnswer(429);
  if (typeof match === 'number') return refusalAnswer(refuseStatus(match));
  if (bot === undefined) return refusalAnswer(strangerRefusal(match));
  const { tooMany, headers } = limiter.take({ bucket: match.route.bucket, limitKeys });
  if (tooMany !== undefined) return limitAnswer(tooMany.scope, tooMany.retryAfterSeconds, headers);
  try {
    const call = createCall(rest, received, match, bot);
    const body = match.route.perform(call);
    return toJson(call.status, body, headers);
  } catch (error) {
    return refusalAnswer(error, headers);
  }
}

function strangerRefusal({ route }: Match): Refusal {
  if (!route.byToken) return refuseStatus(401);
  return refuse(route.body === 'callback' ? 10062 : 50027);
}

function createCall(
  { world, options }: RestOptions,
  { read, request, interaction }: Received,
  { params }: Match,
  bot: Call['bot'],
): Call {
  if (read instanceof Refusal) throw read;
  for (const [name, value] of Object.entries(params)) {
    if (name === 'token' || value === '@original' || isSnowflake(value)) continue;
    throw invalid(`${name}_id`, 'NUMBER_TYPE_COERCE', `Value "${value}" is not snowflake.`);
  }
  const { query } = request;
  return { world, options, bot, interaction, params, query, ...read, status: 200 };
}
