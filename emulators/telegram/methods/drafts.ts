import { draftableChat, openThread } from '../access.ts';
import type { Call } from '../call.ts';
import { readFormattedText } from '../formatted-text.ts';
import { flag, integer } from '../params.ts';
import { badRequest } from '../refusal.ts';
import { type RichSource, readRichMessage, richText } from '../rich.ts';
import { type FormattedText, lengthInCodePoints, maxTextLength } from '../text.ts';
import type { ChatState } from '../world.ts';

const draftLifeMs = 30_000;

export function sendMessageDraft(call: Call): true {
  const draftId = readDraftId(call);
  const formatted = readFormattedText(call.params);
  if (lengthInCodePoints(formatted.text) > maxTextLength) throw badRequest('message is too long');
  return showDraft(call, draftId, { ...formatted, rich: undefined });
}

export function sendRichMessageDraft(call: Call): true {
  const draftId = readDraftId(call);
  const rich = readRichMessage(call.params);
  if (rich === undefined) throw badRequest('rich message is empty');
  return showDraft(call, draftId, { text: richText(rich), entities: [], rich });
}

function readDraftId({ params }: Call): number {
  const draftId = integer(params, 'draft_id');
  if (draftId === undefined || draftId === 0) throw badRequest('invalid draft identifier specified');
  return draftId;
}

type Shown = FormattedText & { readonly rich: RichSource | undefined };

function showDraft(call: Call, draftId: number, shown: Shown): true {
  const { world, params } = call;
  if (integer(params, 'chat_id') === undefined) throw badRequest('chat not found');
  const state = draftableChat(call);
  if (state.chat.type !== 'private') throw badRequest('TEXTDRAFT_PEER_INVALID');
  const threadId = openThread(call, state);
  const at = world.now();
  const same = state.drafts.find(
    (draft) => draft.draftId === draftId && draft.threadId === threadId && draft.shownUntil > at,
  );
  if (same === undefined) hideDrafts(state, threadId, at);
  // The button is younger than rich messages.
  const canStop = world.richMessages && flag(params, 'can_stop');
  const keepOnStop = flag(params, 'keep_on_stop');
  const next = { ...shown, canStop, keepOnStop, shownUntil: at + draftLifeMs };
  const draft = same ?? { draftId, threadId, history: [], ...next };
  if (same === undefined) state.drafts.push(draft);
  Object.assign(draft, next);
  draft.history.push({ at, text: shown.text });
  return true;
}

/** Apps take a draft away when any message of the bot arrives in the same place. */
export function hideDrafts(state: ChatState, threadId: number | undefined, at: number): void {
  for (const draft of state.drafts) {
    if (draft.threadId === threadId) draft.shownUntil = Math.min(draft.shownUntil, at);
  }
}
