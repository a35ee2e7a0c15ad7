import { createHash } from 'node:crypto';
import type { Api } from 'grammy';
import { DraftsUnavailable } from '../../src/core/errors.ts';
import type { Part, ReplyTarget } from '../../src/core/message.ts';
import type { Log } from '../../src/core/ports/world.ts';
import { failureOf } from './api.ts';
import { callIn, isPrivate } from './place.ts';
import { isUnknownMethod, toSendError } from './refusals.ts';
import { entitiesOf } from './render.ts';

/** Shows what is being written as a draft, which private chats alone have, and not with every server. */
export function createDrafts({ api, log }: { readonly api: Api; readonly log: Log }) {
  let areKnown = true;
  return {
    areShownIn: ({ channel }: ReplyTarget): boolean => areKnown && isPrivate(Number(channel)),

    /** With entities in any case: the message that follows may be a rich one, and what is only seen in passing need not. */
    async show(target: ReplyTarget, part: Part, key: string): Promise<void> {
      if (!areKnown) throw new DraftsUnavailable(noDrafts);
      const stop = (part.buttons ?? []).length > 0 && { can_stop: true, keep_on_stop: true };
      const shown = callIn(target, (chat, thread) =>
        api.sendMessageDraft(chat, draftIdOf(key), part.text, {
          ...thread,
          ...entitiesOf(part),
          ...stop,
        }),
      );
      await shown.catch((error: unknown) => {
        const failure = failureOf(error);
        if (isUnknownMethod(failure)) {
          if (areKnown) log.warn({ reason: failure.reason }, noDrafts);
          areKnown = false;
        }
        // Who cannot be written to at all is found out by the message that is sent instead.
        if (refusals.includes(failure.code)) throw new DraftsUnavailable(`Telegram: ${failure.reason}`);
        throw toSendError(failure);
      });
    },
  };
}

const refusals: readonly (number | undefined)[] = [400, 403, 404];
const noDrafts = 'this Bot API server does not know drafts: answers grow in messages instead';

/** Telegram takes any number but 0; 31 bits are numbers to every program on the way. */
function draftIdOf(key: string): number {
  return createHash('sha256').update(key).digest().readUInt32BE() >>> 1 || 1;
}
