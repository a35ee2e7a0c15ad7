import { MessageGone } from '../../src/core/errors.ts';
import type { ReplyTarget } from '../../src/core/message.ts';
import type { Sender } from '../../src/core/ports/platform.ts';
import { type CallFailure, createApi, failureOf, type TelegramSettings } from './api.ts';
import { paceOf } from './pace.ts';
import { isNotDeletable, isThreadMissing, isUnchanged, toSendError } from './refusals.ts';
import { entitiesOf, renderForTelegram } from './render.ts';

const sendSeconds = 20;

/** A growing answer with previews of its links would jump. */
const link_preview_options = { is_disabled: true };

/** Writes to Telegram in plain text with entities, in which nothing can be wrong. */
export function createTelegramSender(settings: TelegramSettings, timeoutSeconds = sendSeconds): Sender {
  const api = createApi(settings, timeoutSeconds);
  return {
    platform: 'telegram',
    bot: settings.TELEGRAM_BOT_TOKEN.split(':', 1)[0] ?? '',
    render: renderForTelegram,

    async post(target, part) {
      const { answer, chat } = await callIn(target, (chat, thread) =>
        api.sendMessage(chat, part.text, {
          ...thread,
          ...replyTo(target),
          ...entitiesOf(part),
          link_preview_options,
        }),
      );
      return { target: { ...target, channel: String(chat) }, id: String(answer.message_id) };
    },

    async edit({ target, id }, part) {
      const options = { ...entitiesOf(part), link_preview_options };
      const edited = api.editMessageText(Number(target.channel), Number(id), part.text, options);
      await excuse(edited, (failure) => {
        // The messages of the old group cannot be edited, and in the new one the id is another message's.
        if (failure.movedTo !== undefined)
          throw new MessageGone('Telegram: the group has become a supergroup');
        return isUnchanged(failure);
      });
    },

    async remove({ target, id }) {
      await excuse(api.deleteMessage(Number(target.channel), Number(id)), isNotDeletable);
    },

    async showTyping(target) {
      await callIn(target, (chat, thread) => api.sendChatAction(chat, 'typing', thread));
    },

    pace: paceOf,
  };
}

function replyTo({ replyTo: id }: ReplyTarget) {
  if (id === undefined) return {};
  return { reply_parameters: { message_id: Number(id), allow_sending_without_reply: true } };
}

async function excuse(call: Promise<unknown>, isFine: (failure: CallFailure) => boolean): Promise<void> {
  await call.catch((error: unknown) => {
    const failure = failureOf(error);
    if (!isFine(failure)) throw toSendError(failure);
  });
}

type Call<T> = (chat: number, thread: { readonly message_thread_id?: number }) => Promise<T>;

/** Calls where the target is: in its thread, or, once, where Telegram says that it has gone. */
async function callIn<T>(
  { channel, thread }: ReplyTarget,
  call: Call<T>,
): Promise<{ answer: T; chat: number }> {
  const chat = Number(channel);
  const tryIn = async (chat: number, thread?: string) => ({
    answer: await call(chat, thread === undefined ? {} : { message_thread_id: Number(thread) }),
    chat,
  });
  try {
    return await tryIn(chat, thread);
  } catch (error) {
    const failure = failureOf(error);
    const goOn = failure.movedTo ?? (isThreadMissing(failure) && isPrivate(chat) ? chat : undefined);
    if (goOn === undefined) throw toSendError(failure);
    return tryIn(goOn).catch((again: unknown) => {
      throw toSendError(failureOf(again));
    });
  }
}

/** Who writes to us in private is still there when a topic of theirs is gone; in a forum another topic is another room. */
const isPrivate = (chat: number): boolean => chat > 0;
