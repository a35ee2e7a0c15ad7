import { MessageGone, RateLimited, TargetGone, Unreachable } from '../../src/core/errors.ts';
import type { Part, ReplyTarget } from '../../src/core/message.ts';
import { ephemeral, suppressEmbeds } from './flags.ts';
import { nthOf } from './nonce.ts';
import { postedShape } from './payload.ts';
import { toFileError, told } from './refusals.ts';
import { type Webhook, webhookPath } from './ticket.ts';
import type { Write } from './write.ts';

/** The message that has been promised to a slash command. */
const original = '@original';

interface Answering {
  readonly write: Write;
  readonly target: ReplyTarget;
  readonly webhook: Webhook;
}

/** Posts a part of the answer to a slash command, and tells its id: the first one stands in the place of the promise. */
export async function answerCommand(answering: Answering, part: Part): Promise<string> {
  const { write, target, webhook } = answering;
  // A file comes beside the answer, unless nothing is there yet: then Discord itself gives it the place of the promise.
  if (part.file || nthOf(part) > 0) return followUp(answering, part);
  try {
    await told(write('PATCH', { target, path: `${webhookPath(webhook)}/messages/${original}` }, part));
    return original;
  } catch (error) {
    if (!(error instanceof MessageGone)) throw error;
    return standIn(answering, part);
  }
}

/** For a promised message that has been deleted. Where this is refused, nothing is left to be tried. */
async function standIn(answering: Answering, part: Part): Promise<string> {
  try {
    return await followUp(answering, part);
  } catch (error) {
    if (error instanceof RateLimited || error instanceof Unreachable) throw error;
    throw new TargetGone('Discord: the promised answer is gone, and takes no other in its place');
  }
}

async function followUp({ write, target, webhook }: Answering, part: Part): Promise<string> {
  // Here Discord knows no nonces.
  const flags = suppressEmbeds | (webhook.ephemeral ? ephemeral : 0);
  const posting = write('POST', { target, path: webhookPath(webhook) }, part, { flags });
  return postedShape.parse(await told(posting, part.file && toFileError)).id;
}
