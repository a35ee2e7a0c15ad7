import { CozeFailed } from '../core/errors.ts';
import type { CozeBackend } from '../core/ports/coze.ts';
import { type AccessSettings, openAccess } from './access.ts';
import { ask } from './ask.ts';
import { call } from './call.ts';
import { findQuestion } from './find-question.ts';
import { requireId } from './ids.ts';
import { loose, textIn } from './loose.ts';
import { recover } from './recover.ts';
import type { Access } from './wire.ts';

export interface CozeSettings extends AccessSettings {
  readonly botId: string;
  /** Without it Coze remembers nothing, and no answer can be recovered. */
  readonly saveHistory: boolean;
}

/**
 * Coze's chat API by the official SDK, whose defects are mended where they arise: see `openWire` and `forSdk`.
 * What was made in one session is unknown in another; with an access token there is only one.
 */
export function createCozeBackends(settings: CozeSettings): (session?: string) => CozeBackend {
  const accessOf = openAccess(settings);
  return (session) => createBackend(accessOf(session), settings);
}

function createBackend(access: Access, { botId, saveHistory }: CozeSettings): CozeBackend {
  return {
    openConversation: async () => {
      const made: unknown = await call(access, (coze) => coze.conversations.create({ bot_id: botId }));
      return requireId(textIn(loose(made)?.id) ?? '');
    },
    ask: (question, signal) => ask({ access, botId, saveHistory, question, signal }),
    findQuestion: async (conversationId, turnId, signal) =>
      saveHistory ? findQuestion(access, { conversationId, turnId }, signal) : undefined,
    recover: (chat, signal) => recover(access, chat, signal),
    cancel: async ({ conversationId, chatId }) => {
      const ids = [requireId(conversationId), requireId(chatId)] as const;
      await call(access, (coze) => coze.chat.cancel(...ids)).catch(unlessOver);
    },
    clear: async (conversationId) => {
      await call(access, (coze) => coze.conversations.clear(requireId(conversationId)));
    },
  };
}

/** 4104: the chat can no longer be cancelled. 4001: there is none. Both are what was wanted. */
function unlessOver(error: unknown): void {
  const over = error instanceof CozeFailed && (error.facts.code === 4104 || error.facts.code === 4001);
  if (!over) throw error;
}
