import { type Api, InputFile } from 'grammy';
import type { Part, TextFile } from '../../src/core/message.ts';
import { type CallFailure, failureOf } from './api.ts';
import { captionOf } from './format.ts';
import { keyboardOf } from './keyboard.ts';
import { isCaptionTooLong, isOverFormatted } from './refusals.ts';
import { entitiesOf } from './render.ts';

/** A growing answer with previews of its links would jump. */
const link_preview_options = { is_disabled: true };

interface Where {
  readonly message_thread_id?: number;
  readonly reply_parameters?: { message_id: number; allow_sending_without_reply: boolean };
}

/** The calls that make a part a message, in each way that there is. They reject as grammY does. */
export function createWriter(api: Api) {
  return {
    postText: (chat: number, part: Part, where: Where) =>
      withEntities(part, (entities) =>
        api.sendMessage(chat, part.text, {
          ...where,
          ...quietly(part),
          ...entities,
          ...keyboardOf(part.buttons),
          link_preview_options,
        }),
      ),

    editText: (chat: number, id: number, part: Part) =>
      withEntities(part, (entities) =>
        api.editMessageText(chat, id, part.text, {
          ...entities,
          ...keyboardOf(part.buttons),
          link_preview_options,
        }),
      ),

    postRich: (chat: number, markdown: string, part: Part, where: Where) =>
      api.sendRichMessage(chat, { markdown }, { ...where, ...quietly(part), ...keyboardOf(part.buttons) }),

    editRich: (chat: number, id: number, markdown: string, part: Part) =>
      api.editMessageText(chat, id, { markdown }, keyboardOf(part.buttons)),

    postFile: (chat: number, file: TextFile, part: Part, where: Where) => {
      const send = (caption: ReturnType<typeof captionOf>) =>
        api.sendDocument(chat, new InputFile(Buffer.from(file.text), nameOf(file)), {
          ...where,
          ...quietly(part),
          ...caption,
          ...keyboardOf(part.buttons),
        });
      const caption = captionOf(part);
      return orElse(send(caption), isCaptionTooLong, () => send({}));
    },
  };
}

type Entities = ReturnType<typeof entitiesOf>;

const quietly = ({ isQuiet }: Part) => (isQuiet ? { disable_notification: true } : {});

/** The words matter more than how they look. */
function withEntities<T>(part: Part, send: (entities: Entities) => Promise<T>): Promise<T> {
  return orElse(send(entitiesOf(part)), isOverFormatted, () => send({}));
}

async function orElse<T>(
  call: Promise<T>,
  isFor: (failure: CallFailure) => boolean,
  otherwise: () => Promise<T>,
): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (isFor(failureOf(error))) return otherwise();
    throw error;
  }
}

/** grammY writes the name into a header as it is, without quotes. */
function nameOf({ name }: TextFile): string {
  const safe = name.replace(/[^\p{L}\p{N}._-]+/gu, '_').slice(-100);
  return /[\p{L}\p{N}]/u.test(safe) ? safe : 'answer.txt';
}
