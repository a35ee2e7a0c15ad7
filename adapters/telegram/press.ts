import { readWish } from '../../src/core/buttons.ts';
import type { InboundMessage } from '../../src/core/message.ts';
import { personOf, targetOf } from './inbound.ts';
import { type Me, queryOf, type StoppedDraft, stoppedDraftOf, type TelegramQuery } from './update.ts';

/** What a person did without writing, if that is what the update brings: Telegram tells what, but not when. */
export function toPressed(update: unknown, me: Me, now: number): InboundMessage | undefined {
  const query = queryOf(update);
  if (query) return fromQuery(query, me, now);
  const stopped = stoppedDraftOf(update);
  return stopped && fromStopped(stopped, me, now);
}

function fromQuery(query: TelegramQuery, me: Me, now: number): InboundMessage | undefined {
  const { from, data, message } = query;
  const wish = readWish(data);
  if (!wish || from.is_bot) return undefined;
  const { chat, message_id } = message;
  const bot = String(me.id);
  // Whoever taps twice asks once. A wish to stop is not kept: each tap is one.
  const what = wish.kind === 'ask' ? `${chat.id}:${message_id}:${data}:${from.id}` : `query:${query.id}`;
  return {
    id: `telegram:${bot}:${what}`,
    author: personOf(from),
    text: '',
    attachments: [],
    addressed: chat.type === 'private' ? 'direct' : 'mention',
    target: targetOf(message, bot),
    sentAt: now,
    pressed: data,
  };
}

/** The Stop button of a draft. Only one answer can run there: it need not say which. */
function fromStopped(
  { update_id, stopped_message_generation: stopped }: StoppedDraft,
  me: Me,
  now: number,
): InboundMessage {
  const { chat, message_thread_id, draft_id } = stopped;
  const bot = String(me.id);
  return {
    id: `telegram:${bot}:stop:${chat.id}:${draft_id}:${update_id}`,
    // A private chat has the number of whom it is with.
    author: { id: String(chat.id), name: '' },
    text: '',
    attachments: [],
    addressed: 'direct',
    target: {
      platform: 'telegram',
      bot,
      channel: String(chat.id),
      ...(message_thread_id !== undefined && { thread: String(message_thread_id) }),
    },
    sentAt: now,
    pressed: 'stop',
  };
}
