import { unknownFields } from '../known-fields.ts';
import type { RecordedCall } from '../recorded-call.ts';
import { Refusal } from '../refusal.ts';
import { type ReadRequest, readRequest } from '../request.ts';
import { findRoute, type Match } from '../routes.ts';
import type { RestRequest } from '../server.ts';
import type { BotState, InteractionState, World } from '../world.ts';
import type { RestOptions } from './rest.ts';

/** A call, as far as it could be understood. */
export interface Received {
  readonly request: RestRequest;
  readonly match: Match | 404 | 405;
  readonly interaction: InteractionState | undefined;
  /** Who calls: by the bot's token, or by that of an interaction. */
  readonly bot: BotState | undefined;
  readonly read: ReadRequest | Refusal;
  /** What this call's limits are counted under: its own, and the bot's global one where that counts. */
  readonly limitKeys: readonly string[];
}

export function receive({ world, routes }: RestOptions, request: RestRequest): Received {
  const { method, path, headers } = request;
  const match = findRoute(routes, method, path);
  const { route, params = {} } = typeof match === 'number' ? {} : match;
  const interaction = world.interactions.get(params.token ?? '');
  const token = headers.authorization?.replace(/^Bot /, '') ?? '';
  const bot = route?.byToken === true ? interaction?.bot : world.bots.get(token);
  const major = params.channel ?? params.token ?? '';
  const own = `${bot?.user.id} ${limitName(route)} ${major}`;
  const limitKeys = route?.byToken === true ? [own] : [own, `${bot?.user.id} global`];
  return { request, match, interaction, bot, read: tryRead(request), limitKeys };
}

/** What a call shares its limit with: a bucket of several routes, or just its own route. */
const limitName = (route: Match['route'] | undefined) =>
  route?.bucket === undefined || route.bucket === 'other' ? `${route?.method} ${route?.path}` : route.bucket;

function tryRead({ headers, bytes }: RestRequest): ReadRequest | Refusal {
  try {
    return readRequest(headers['content-type'] ?? '', bytes);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

export function record(world: World, { request, match, bot, interaction, read }: Received): RecordedCall {
  const { method, path, query } = request;
  const { route, params } = typeof match === 'number' ? {} : match;
  const { body, files } = read instanceof Refusal ? { body: undefined, files: [] } : read;
  return {
    at: world.now(),
    bot: bot?.user.username,
    method,
    path,
    route: route?.path,
    channelId: params?.channel ?? interaction?.channel.id,
    query: Object.fromEntries(query),
    body,
    files: files.map(({ name, contentType, bytes }) => ({ name, size: bytes.length, contentType })),
    unknownRoute: route === undefined,
    unknownFields: route === undefined ? [] : unknownFields(route.body, body),
    duringPenalty: false,
    fault: undefined,
    reply: undefined,
  };
}
