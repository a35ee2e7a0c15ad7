import type { Call } from './call.ts';
import {
  answerCallbackQuery,
  getChat,
  getChatMember,
  getMe,
  sendChatAction,
  setMessageReaction,
} from './methods/chatting.ts';
import { deleteMyCommands, getMyCommands, setMyCommands } from './methods/commands.ts';
import { deleteMessage, editMessageReplyMarkup, editMessageText } from './methods/editing.ts';
import { deleteWebhook, getUpdates, getWebhookInfo, setWebhook } from './methods/receiving.ts';
import { sendMessage, sendMessageDraft } from './methods/sending.ts';
import type { MethodName } from './params.ts';

const methods: Readonly<Record<MethodName, (call: Call) => unknown>> = {
  answerCallbackQuery,
  deleteMessage,
  deleteMyCommands,
  deleteWebhook,
  editMessageReplyMarkup,
  editMessageText,
  getChat,
  getChatMember,
  getMe,
  getMyCommands,
  getUpdates,
  getWebhookInfo,
  sendChatAction,
  sendMessage,
  sendMessageDraft,
  setMessageReaction,
  setMyCommands,
  setWebhook,
};

const byLowerCase = new Map(
  (Object.keys(methods) as MethodName[]).map((name) => [name.toLowerCase(), name] as const),
);

/** The method of that name, whatever its case. */
export const findMethod = (name: string): MethodName | undefined => byLowerCase.get(name.toLowerCase());

export const perform = async (name: MethodName, call: Call): Promise<unknown> => methods[name](call);
