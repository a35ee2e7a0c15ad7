import { writableChat } from '../access.ts';
import type { Call } from '../call.ts';
import { messageId } from '../params.ts';
import { badRequest } from '../refusal.ts';

const deletableForMs = 48 * 60 * 60 * 1000;

export function deleteMessage(call: Call): true {
  const { world, bot, params } = call;
  const id = messageId(params);
  const state = writableChat(call);
  const stored = state.messages.get(id);
  if (stored === undefined || stored.deleted) throw badRequest('message to delete not found');
  const mayDeleteOthers =
    state.chat.type === 'private' || state.members.get(bot.user.id)?.status === 'administrator';
  if (stored.botId !== bot.user.id && !mayDeleteOthers) throw badRequest("message can't be deleted");
  if (world.now() - stored.message.date * 1000 > deletableForMs) {
    throw badRequest("message can't be deleted for everyone");
  }
  stored.deleted = true;
  return true;
}
