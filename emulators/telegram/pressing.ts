import type { User } from 'grammy/types';
import type { ChatState, World } from './world.ts';

export interface ShownButton {
  readonly text: string;
  /** What `press` wants; other kinds of button have none. */
  readonly data: string | undefined;
  readonly url: string | undefined;
  readonly row: number;
}

export interface Press {
  readonly id: string;
  /** What the bot's answer shows, once it has answered. */
  answer(): { readonly text: string; readonly alert: boolean } | undefined;
}

// How long a kept draft is still there; the real time is only called short.
const keptOnStopMs = 5_000;

export function buttonsOf({ messages }: ChatState, messageId: number): ShownButton[] {
  const stored = messages.get(messageId);
  if (stored === undefined || stored.deleted) return [];
  const rows = stored.message.reply_markup?.inline_keyboard ?? [];
  return rows.flatMap((buttons, row) =>
    buttons.map((button) => ({
      text: button.text,
      data: 'callback_data' in button ? button.callback_data : undefined,
      url: 'url' in button ? button.url : undefined,
      row,
    })),
  );
}

/** A person presses a button; the bot hears of the person even if they write in the group's name. */
export function press(
  world: World,
  state: ChatState,
  { messageId, data, from }: { messageId: number; data: string; from: User },
): Press {
  const stored = state.messages.get(messageId);
  const bot = [...world.bots.values()].find(({ user }) => user.id === stored?.botId);
  const isShown = buttonsOf(state, messageId).some((button) => button.data === data);
  if (stored === undefined || bot === undefined || !isShown) {
    throw new Error(`message ${messageId} has no button with the data ${data}`);
  }
  const id = String(world.nextId('query'));
  world.queries.set(id, { botId: bot.user.id, askedAt: world.now(), answer: undefined });
  bot.updates.push('callback_query', {
    id,
    from,
    message: stored.message,
    chat_instance: String(state.chat.id * 7919),
    data,
  });
  return { id, answer: () => world.queries.get(id)?.answer };
}

/** A person presses the Stop button of a draft. Frames that come after it are shown as a draft again. */
export function stopDraft(
  world: World,
  state: ChatState,
  { draftId, threadId }: { draftId: number | undefined; threadId: number | undefined },
): void {
  const at = world.now();
  const draft = state.drafts.findLast(
    (one) =>
      one.shownUntil > at &&
      (draftId ?? one.draftId) === one.draftId &&
      (threadId ?? one.threadId) === one.threadId,
  );
  const bot = [...world.bots.values()].find(({ user }) => state.members.has(user.id));
  if (draft?.canStop !== true || state.chat.type !== 'private') {
    throw new Error(`there is no draft ${draftId ?? 'on the screen'} with a Stop button`);
  }
  draft.canStop = false;
  draft.shownUntil = draft.keepOnStop ? Math.min(draft.shownUntil, at + keptOnStopMs) : at;
  const thread = draft.threadId === undefined ? {} : { message_thread_id: draft.threadId };
  bot?.updates.push('stopped_message_generation', {
    chat: state.chat,
    ...thread,
    draft_id: draft.draftId,
  });
}
