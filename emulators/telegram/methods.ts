import type { Call } from './call.ts';
import {
  answerCallbackQuery,
  getChat,
  getChatAdministrators,
  getChatMember,
  getMe,
  sendChatAction,
  setMessageReaction,
} from './methods/chatting.ts';
import { deleteMyCommands, getMyCommands, setMyCommands } from './methods/commands.ts';
import { deleteMessage } from './methods/deleting.ts';
import { sendMessageDraft, sendRichMessageDraft } from './methods/drafts.ts';
import { editMessageCaption, editMessageReplyMarkup, editMessageText } from './methods/editing.ts';
import { deleteWebhook, getUpdates, getWebhookInfo, setWebhook } from './methods/receiving.ts';
import { sendDocument, sendMessage, sendRichMessage } from './methods/sending.ts';
import type { MethodName } from './params.ts';

const methods: Readonly<Record<MethodName, (call: Call) => unknown>> = {
  answerCallbackQuery,
  deleteMessage,
  deleteMyCommands,
  deleteWebhook,
  editMessageCaption,
  editMessageReplyMarkup,
  editMessageText,
  getChat,
  getChatAdministrators,
  getChatMember,
  getMe,
  getMyCommands,
  getUpdates,
  getWebhookInfo,
  sendChatAction,
  sendDocument,
  sendMessage,
  sendMessageDraft,
  sendRichMessage,
  sendRichMessageDraft,
  setMessageReaction,
  setMyCommands,
  setWebhook,
};

const byLowerCase = new Map(
  (Object.keys(methods) as MethodName[]).map((name) => [name.toLowerCase(), name] as const),
);

const richMethods: readonly MethodName[] = ['sendRichMessage', 'sendRichMessageDraft'];

/** The method of that name, whatever its case, if such a server has it. */
export function findMethod(name: string, { richMessages } = { richMessages: true }): MethodName | undefined {
  const method = byLowerCase.get(name.toLowerCase());
  return method !== undefined && richMethods.includes(method) && !richMessages ? undefined : method;
}

export const perform = async (name: MethodName, call: Call): Promise<unknown> => methods[name](call);
