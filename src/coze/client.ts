import { CozeFailed } from '../core/errors.ts';
import type { CozeBackend } from '../core/ports/coze.ts';
import type { Clock } from '../core/ports/world.ts';
import { ask } from './ask.ts';
import { normaliseBaseUrl } from './base-url.ts';
import { call } from './call.ts';
import { findQuestion } from './find-question.ts';
import { fetchGrant, type OAuthApp } from './grant.ts';
import type { Agents } from './http.ts';
import { requireId } from './ids.ts';
import { type CozeLimits, usualLimits } from './limits.ts';
import { loose, textIn } from './loose.ts';
import { createOAuthTokens } from './oauth.ts';
import { recover } from './recover.ts';
import { oneToken } from './tokens.ts';
import type { Access, Line } from './wire.ts';

export interface CozeSettings {
  /** An access token, or the app that gets them. */
  readonly token: string | OAuthApp;
  readonly botId: string;
  readonly baseUrl: string;
  /** Without it Coze remembers nothing, and no answer can be recovered. */
  readonly saveHistory: boolean;
  readonly limits?: Partial<CozeLimits>;
  readonly clock: Clock;
  readonly agents?: Agents | undefined;
}

/**
 * Coze's chat API by the official SDK, whose defects are mended where they arise: see `openWire` and `forSdk`.
 * What was made in one session is unknown in another; with an access token there is only one.
 */
export function createCozeBackends(settings: CozeSettings): (session?: string) => CozeBackend {
  const { token, clock, agents } = settings;
  const baseUrl = normaliseBaseUrl(settings.baseUrl);
  const line: Line = { baseUrl, clock, limits: { ...usualLimits, ...settings.limits }, agents };
  const tokensOf =
    typeof token === 'string'
      ? () => oneToken(token)
      : createOAuthTokens(clock, (session) => fetchGrant(line, token, session));
  return (session) => createBackend({ ...line, tokens: tokensOf(session) }, settings);
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
