import { MessageGone } from '../../src/core/errors.ts';
import type { MessageRef, Part, ReplyTarget } from '../../src/core/message.ts';
import type { Sender } from '../../src/core/ports/platform.ts';
import type { Tools } from '../platform.ts';
import { type CallFailure, createApi, failureOf, type TelegramSettings } from './api.ts';
import { createDrafts } from './draft.ts';
import { draftPace, paceOf } from './pace.ts';
import { callIn } from './place.ts';
import { isNotDeletable, isUnchanged, toSendError } from './refusals.ts';
import { renderForTelegram, renderRichForTelegram } from './render.ts';
import { createRichMessages } from './rich-messages.ts';
import { createTrail } from './traces.ts';
import { createWriter } from './write.ts';

const sendSeconds = 20;

export interface SendSettings extends TelegramSettings {
  /** What an answer looks like: a text with entities, or a rich message. */
  readonly TELEGRAM_FORMAT?: 'entities' | 'rich';
  /** How it grows where both can be done: a message is edited, or a draft shown. */
  readonly TELEGRAM_STREAM?: 'edit' | 'draft';
}

/** Writes to Telegram with entities, in which nothing can be wrong, or as rich messages. */
export function createTelegramSender(
  settings: SendSettings,
  { log }: Pick<Tools, 'log'>,
  timeoutSeconds = sendSeconds,
): Sender {
  const api = createApi(settings, timeoutSeconds);
  const write = createWriter(api);
  const sendRich = createRichMessages(log);
  const drafts = createDrafts({ api, log });
  const trail = createTrail();

  function post(chat: number, part: Part, where: Parameters<typeof write.postText>[2]) {
    if (part.file) return write.postFile(chat, part.file, part, where);
    const ways = {
      rich: (markdown: string) => write.postRich(chat, markdown, part, where),
      plain: () => write.postText(chat, part, where),
    };
    return sendRich<{ readonly message_id: number }>(part, ways, {
      idOf: ({ message_id }) => nameOf(chat, message_id),
    });
  }

  function edit({ target, id }: MessageRef, part: Part): Promise<unknown> {
    const [chat, message] = [Number(target.channel), Number(id)];
    const ways = {
      rich: (markdown: string) => write.editRich(chat, message, markdown, part),
      plain: () => write.editText(chat, message, part),
    };
    return sendRich<unknown>(part, ways, {
      message: nameOf(chat, message),
      idOf: () => nameOf(chat, message),
    });
  }

  return {
    platform: 'telegram',
    bot: settings.TELEGRAM_BOT_TOKEN.split(':', 1)[0] ?? '',
    render: settings.TELEGRAM_FORMAT === 'rich' ? renderRichForTelegram : renderForTelegram,

    async post(target, part) {
      const posted = callIn(target, (chat, thread) =>
        post(chat, part, { ...thread, ...replyTo(placeIn(target, chat)) }),
      );
      const { answer, chat } = await posted.catch(fail);
      trail.saw(String(chat), answer.message_id);
      return { target: placeIn(target, chat), id: String(answer.message_id) };
    },

    async edit(ref, part) {
      // It is what it is since it was posted.
      if (part.file) return;
      await excuse(edit(ref, part), isDone);
      trail.saw(ref.target.channel, ref.id);
    },

    async remove({ target, id }) {
      await excuse(
        api.deleteMessage(Number(target.channel), Number(id)),
        (failure) => isNotDeletable(failure) || hasMoved(failure),
      );
    },

    async clearButtons({ target, id }) {
      await excuse(api.editMessageReplyMarkup(Number(target.channel), Number(id)), isDone);
    },

    async showTyping(target) {
      trail.saw(target.channel, target.after);
      await callIn(target, (chat, thread) => api.sendChatAction(chat, 'typing', thread)).catch(fail);
    },

    ...(settings.TELEGRAM_STREAM === 'draft' && { showDraft: drafts.show }),

    traces: trail,

    pace(target) {
      const isDrafted = settings.TELEGRAM_STREAM === 'draft' && drafts.areShownIn(target);
      return { ...paceOf(target), ...(isDrafted && { draft: draftPace }) };
    },
  };
}

const nameOf = (chat: number, message: number): string => `${chat}/${message}`;

/** The target, where it is now. In a supergroup the ids of the group that it was are those of other messages. */
function placeIn(target: ReplyTarget, chat: number): ReplyTarget {
  const channel = String(chat);
  if (channel === target.channel) return target;
  const { replyTo: _, after: __, ...place } = target;
  return { ...place, channel, formerly: target.formerly ?? target.channel };
}

function replyTo({ replyTo: id }: ReplyTarget) {
  if (id === undefined) return {};
  return { reply_parameters: { message_id: Number(id), allow_sending_without_reply: true } };
}

const hasMoved = ({ movedTo }: CallFailure): boolean => movedTo !== undefined;

/** Whether an edit that failed has nothing left to do. */
function isDone(failure: CallFailure): boolean {
  // The messages of the old group cannot be edited, and in the new one the id is another message's.
  if (hasMoved(failure)) throw new MessageGone('Telegram: the group has become a supergroup');
  return isUnchanged(failure);
}

async function excuse(call: Promise<unknown>, isFine: (failure: CallFailure) => boolean): Promise<void> {
  await call.catch((error: unknown) => {
    const failure = failureOf(error);
    if (!isFine(failure)) throw toSendError(failure);
  });
}

function fail(error: unknown): never {
  throw toSendError(failureOf(error));
}
