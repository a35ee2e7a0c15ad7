import type { Part, ReplyTarget } from '../../src/core/message.ts';
import type { Sender } from '../../src/core/ports/platform.ts';
import type { Tools } from '../platform.ts';
import { answerCommand } from './answer-command.ts';
import { type Call, createCall } from './call.ts';
import { componentsOf, hasButtons } from './components.ts';
import { failureOf } from './failure.ts';
import { refuseTooLarge } from './file.ts';
import { suppressEmbeds, suppressNotifications } from './flags.ts';
import { freshNonce, nonceOf } from './nonce.ts';
import { paceOf } from './pace.ts';
import { postedShape } from './payload.ts';
import { isReplyForbidden, isUnknownMessage, toEditError, toFileError, told } from './refusals.ts';
import { renderForDiscord } from './render.ts';
import { botOf, type DiscordSettings } from './settings.ts';
import { webhookOf, webhookPath } from './ticket.ts';
import { createWrite, type Write } from './write.ts';

const sendMs = 15_000;

/** Writes to Discord over its REST API, and pings nobody. */
export function createDiscordSender(
  settings: DiscordSettings,
  tools: Pick<Tools, 'budget' | 'log'>,
  timeoutMs = sendMs,
): Sender {
  const call = createCall(settings, timeoutMs);
  const write = createWrite(call, tools);
  const bot = botOf(settings);
  return {
    render: renderForDiscord,

    platform: 'discord',
    ...(bot !== undefined && { bot }),

    async post(target, part, key) {
      refuseTooLarge(part);
      const webhook = webhookOf(target);
      const id = webhook
        ? await answerCommand({ write, target, webhook }, part)
        : await told(postIn(write, target, part, key), part.file && toFileError);
      return { target, id };
    },

    async edit({ target, id }, part) {
      await told(write('PATCH', { target, path: pathOf(target, id) }, withoutFile(part)), toEditError);
    },

    remove: ({ target, id }) => told(remove(call, target, id)),

    async clearButtons({ target, id }) {
      // Without `allowed_mentions` its text would be read for mentions anew.
      const body = { components: [], allowed_mentions: { parse: [] } };
      await told(call('PATCH', pathOf(target, id), body), toEditError);
    },

    async showTyping(target) {
      // A slash command shows by itself that it is being worked on.
      if (!webhookOf(target)) await told(call('POST', `/channels/${target.channel}/typing`));
    },

    pace: paceOf,
  };
}

/** It was sent along with the post, and an edit keeps it. */
const withoutFile = ({ file: _, ...part }: Part): Part => part;

function pathOf(target: ReplyTarget, id: string): `/${string}` {
  const webhook = webhookOf(target);
  return webhook ? `${webhookPath(webhook)}/messages/${id}` : `/channels/${target.channel}/messages/${id}`;
}

async function remove(call: Call, target: ReplyTarget, id: string): Promise<void> {
  try {
    await call('DELETE', pathOf(target, id));
  } catch (error) {
    if (!isUnknownMessage(failureOf(error))) throw error;
  }
}

async function postIn(
  write: Write,
  target: ReplyTarget,
  part: Part,
  key: string | undefined,
): Promise<string> {
  const { id, content, components } = await create(write, target, part, {
    flags: suppressEmbeds | (part.isQuiet ? suppressNotifications : 0),
    nonce: nonceOf(target, key),
    enforce_nonce: true,
    message_reference: referenceTo(target),
  });
  // An earlier attempt has posted it, with what the answer was then.
  const isOld = content !== part.text || !hasButtons(components, componentsOf(part));
  if (isOld) await write('PATCH', { target, path: pathOf(target, id) }, withoutFile(part));
  return id;
}

function referenceTo({ replyTo }: ReplyTarget) {
  return replyTo === undefined ? undefined : { message_id: replyTo, fail_if_not_exists: false };
}

async function create(write: Write, target: ReplyTarget, part: Part, more: object) {
  const spot = { target, path: `/channels/${target.channel}/messages` } as const;
  const post = async (changed?: object) =>
    postedShape.parse(await write('POST', spot, part, { ...more, ...changed }));
  try {
    return await post();
  } catch (error) {
    const failure = failureOf(error);
    if (isReplyForbidden(failure)) return post({ message_reference: undefined });
    // What was posted with this nonce has been deleted since.
    if (isUnknownMessage(failure)) return post({ nonce: freshNonce() });
    throw error;
  }
}
