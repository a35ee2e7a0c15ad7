import { MessageGone, RateLimited, TargetGone, Unreachable } from '../../src/core/errors.ts';
import type { Part, ReplyTarget } from '../../src/core/message.ts';
import type { Sender } from '../../src/core/ports/platform.ts';
import { type Call, createCall } from './call.ts';
import { failureOf } from './failure.ts';
import { freshNonce, nonceOf, nthOf } from './nonce.ts';
import { discordPace } from './pace.ts';
import { postedShape } from './payload.ts';
import { isReplyForbidden, isUnknownMessage, toEditError, toSendError } from './refusals.ts';
import { renderForDiscord } from './render.ts';
import type { DiscordSettings } from './settings.ts';
import { type Webhook, webhookOf } from './ticket.ts';

const sendMs = 15_000;

// Flags of a message. A growing answer with previews of its links would jump.
const suppressEmbeds = 1 << 2;
const ephemeralFlag = 1 << 6;

/** The message that has been promised to a slash command. */
const original = '@original';

/** Writes to Discord over its REST API, and pings nobody. */
export function createDiscordSender(settings: DiscordSettings, timeoutMs = sendMs): Sender {
  const call = createCall(settings, timeoutMs);
  return {
    render: renderForDiscord,

    platform: 'discord',

    async post(target, part, key) {
      const webhook = webhookOf(target);
      const id = await (webhook ? answerCommand(call, webhook, part) : told(postIn(call, target, part, key)));
      return { target, id };
    },

    async edit({ target, id }, part) {
      await told(call('PATCH', pathOf(target, id), contentOf(part)), toEditError);
    },

    async remove({ target, id }) {
      await told(
        call('DELETE', pathOf(target, id)).catch((error: unknown) => {
          if (!isUnknownMessage(failureOf(error))) throw error;
        }),
      );
    },

    async showTyping(target) {
      // A slash command shows by itself that it is being worked on.
      if (!webhookOf(target)) await told(call('POST', `/channels/${target.channel}/typing`));
    },

    pace: () => discordPace,
  };
}

/** Fails in the words of the port. */
async function told<T>(call: Promise<T>, toError = toSendError): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw toError(failureOf(error));
  }
}

function pathOf(target: ReplyTarget, id: string): `/${string}` {
  const webhook = webhookOf(target);
  return webhook ? `${webhookPath(webhook)}/messages/${id}` : `/channels/${target.channel}/messages/${id}`;
}

const webhookPath = ({ application, token }: Webhook) => `/webhooks/${application}/${token}` as const;

/** An edit without `allowed_mentions` would ping whom its text names. */
const contentOf = ({ text }: Part) => ({ content: text, allowed_mentions: { parse: [] } });

async function postIn(call: Call, target: ReplyTarget, part: Part, key: string | undefined): Promise<string> {
  const { id, content } = await create(call, target, {
    ...contentOf(part),
    flags: suppressEmbeds,
    nonce: nonceOf(target, key),
    enforce_nonce: true,
    message_reference: referenceTo(target),
  });
  // An earlier attempt has posted it, with what the answer was then.
  if (content !== part.text) await call('PATCH', pathOf(target, id), contentOf(part));
  return id;
}

function referenceTo({ replyTo }: ReplyTarget) {
  return replyTo === undefined ? undefined : { message_id: replyTo, fail_if_not_exists: false };
}

async function create(call: Call, { channel }: ReplyTarget, body: object) {
  const post = async (changed?: object) =>
    postedShape.parse(await call('POST', `/channels/${channel}/messages`, { ...body, ...changed }));
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

async function answerCommand(call: Call, webhook: Webhook, part: Part): Promise<string> {
  if (nthOf(part) > 0) return told(followUp(call, webhook, part));
  try {
    await told(call('PATCH', `${webhookPath(webhook)}/messages/${original}`, contentOf(part)));
    return original;
  } catch (error) {
    if (!(error instanceof MessageGone)) throw error;
    return standIn(call, webhook, part);
  }
}

/** For a promised message that has been deleted. Where this is refused, nothing is left to be tried. */
async function standIn(call: Call, webhook: Webhook, part: Part): Promise<string> {
  try {
    return await told(followUp(call, webhook, part));
  } catch (error) {
    if (error instanceof RateLimited || error instanceof Unreachable) throw error;
    throw new TargetGone('Discord: the promised answer is gone, and takes no other in its place');
  }
}

async function followUp(call: Call, webhook: Webhook, part: Part): Promise<string> {
  // Here Discord knows no nonces.
  const flags = suppressEmbeds | (webhook.ephemeral ? ephemeralFlag : 0);
  return postedShape.parse(await call('POST', webhookPath(webhook), { ...contentOf(part), flags })).id;
}
