import type { Call } from './call.ts';
import type { RunningGateway } from './gateway/gateway.ts';
import type { BodyKind } from './known-fields.ts';
import type { BucketName } from './rate-limit.ts';
import { getCurrentApplication, getCurrentUser } from './rest/application.ts';
import {
  changeThread,
  getChannel,
  openDm,
  startThread,
  startThreadFromMessage,
  startTyping,
} from './rest/channels.ts';
import { deleteCommand, listCommands, overwriteCommands, upsertCommand } from './rest/commands.ts';
import { answerInteraction } from './rest/interactions.ts';
import { createMessage, deleteMessage, editMessage, getMessage, listMessages } from './rest/messages.ts';
import { createFollowUp, deleteReply, editReply, getReply } from './rest/webhooks.ts';

export interface Route {
  readonly method: string;
  /** As in Discord's documents, with a colon before what varies. */
  readonly path: string;
  /** The limit that counts it; answers to interactions have none. */
  readonly bucket: BucketName | undefined;
  readonly body: BodyKind;
  /** Routes with an interaction's token in them need no bot token, and the bot's global limit is not theirs. */
  readonly byToken: boolean;
  readonly perform: (call: Call) => unknown;
}

const channel = '/channels/:channel';
const message = `${channel}/messages/:message`;
const commands = '/applications/:application/commands';
const webhook = '/webhooks/:application/:token';

export function createRoutes(gateway: RunningGateway): readonly Route[] {
  const describeGateway = ({ bot }: Call) => gateway.describe(bot);
  return [
    byBot('GET', '/gateway/bot', 'other', describeGateway),
    byBot('GET', '/users/@me', 'other', getCurrentUser),
    byBot('POST', '/users/@me/channels', 'other', openDm, 'dm'),
    byBot('GET', '/applications/@me', 'other', getCurrentApplication),
    byBot('GET', commands, 'other', listCommands),
    byBot('PUT', commands, 'other', overwriteCommands, 'command'),
    byBot('POST', commands, 'other', upsertCommand, 'command'),
    byBot('DELETE', `${commands}/:command`, 'other', deleteCommand),
    byBot('GET', channel, 'other', getChannel),
    byBot('PATCH', channel, 'other', changeThread, 'threadChange'),
    byBot('POST', `${channel}/typing`, 'typing', startTyping),
    byBot('POST', `${channel}/threads`, 'other', startThread, 'thread'),
    byBot('GET', `${channel}/messages`, 'other', listMessages),
    byBot('POST', `${channel}/messages`, 'messages', createMessage, 'create'),
    byBot('GET', message, 'other', getMessage),
    byBot('PATCH', message, 'messages', editMessage, 'edit'),
    byBot('DELETE', message, 'deletes', deleteMessage),
    byBot('POST', `${message}/threads`, 'other', startThreadFromMessage, 'threadFromMessage'),
    byToken('POST', '/interactions/:interaction/:token/callback', undefined, answerInteraction, 'callback'),
    byToken('POST', webhook, 'webhook', createFollowUp, 'webhook'),
    byToken('GET', `${webhook}/messages/:message`, 'webhook', getReply),
    byToken('PATCH', `${webhook}/messages/:message`, 'webhook', editReply, 'webhookEdit'),
    byToken('DELETE', `${webhook}/messages/:message`, 'webhook', deleteReply),
  ];
}

type Perform = Route['perform'];

function byBot(
  method: string,
  path: string,
  bucket: BucketName,
  perform: Perform,
  body: BodyKind = 'none',
): Route {
  return { method, path, bucket, perform, body, byToken: false };
}

function byToken(
  method: string,
  path: string,
  bucket: Route['bucket'],
  perform: Perform,
  body: BodyKind = 'none',
): Route {
  return { method, path, bucket, perform, body, byToken: true };
}

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** The route of a call; 404 for a path that there is not, 405 for a method that it has not. */
export function findRoute(routes: readonly Route[], method: string, path: string): Match | 404 | 405 {
  const found = routes.flatMap((route) => {
    const params = matchPath(route.path, path);
    return params === undefined ? [] : [{ route, params }];
  });
  return found.find(({ route }) => route.method === method) ?? (found.length > 0 ? 405 : 404);
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, name] of wanted.entries()) {
    const part = given[index] ?? '';
    if (name.startsWith(':')) params[name.slice(1)] = decodeURIComponent(part);
    else if (name !== part) return undefined;
  }
  return params;
}
