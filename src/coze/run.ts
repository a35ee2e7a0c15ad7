import type { Answer, CozeEvent, Usage } from '../core/ports/coze.ts';
import { createAnswerText } from './answer-text.ts';
import { canceledChat, failedBy, failedChat, usageOf, waitingChat } from './endings.ts';
import { type Loose, textIn } from './loose.ts';

/** What the events of one chat add up to. */
export interface Run {
  /** Takes the next event in; gives what it tells the reader. Throws when the chat has failed. */
  take(name: string, data: Loose, logid: string | undefined): CozeEvent | undefined;
  /** Coze has taken the question. */
  readonly begun: boolean;
  /** The answer is complete. */
  readonly whole: boolean;
  readonly answer: Answer;
}

export function createRun(): Run {
  const answer = createAnswerText();
  let shown = { text: '', reasoning: '' };
  let usage: Usage | undefined;
  let named = false;
  let begun = false;
  let whole = false;

  const created = (chat: Loose, logid: string | undefined): CozeEvent | undefined => {
    const chatId = textIn(chat.id);
    const conversationId = textIn(chat.conversation_id);
    if (named || !chatId || !conversationId) return undefined;
    named = true;
    return { type: 'created', chat: { chatId, conversationId }, ...(logid && { logid }) };
  };
  const news = (): CozeEvent | undefined => {
    const { text, reasoning } = answer.soFar();
    const before = shown;
    shown = { text, reasoning };
    if (text !== before.text) return { type: 'text', text };
    return reasoning === before.reasoning ? undefined : { type: 'reasoning', text: reasoning };
  };

  function take(name: string, data: Loose, logid: string | undefined): CozeEvent | undefined {
    if (whole) return undefined;
    // An error that comes first is a refusal.
    if (name === 'error') throw failedBy(data, logid, begun);
    begun = true;
    switch (name) {
      case 'conversation.chat.created':
      case 'conversation.chat.in_progress':
        return created(data, logid);
      case 'conversation.message.delta':
        answer.append(data);
        return news();
      case 'conversation.message.completed':
        answer.complete(data);
        return news();
      case 'conversation.chat.completed':
        usage = usageOf(data);
        whole = true;
        return undefined;
      case 'conversation.chat.requires_action':
        // A chatflow's question to the reader ends so, too: its words are the answer.
        if (!answer.whole.text) throw waitingChat();
        whole = true;
        return undefined;
      case 'conversation.chat.failed':
        throw failedChat(data, logid);
      case 'conversation.chat.canceled':
      case 'conversation.chat.cancelled':
        throw canceledChat();
      case 'done':
      case 'conversation.stream.done':
        // The end of the stream is the end of the answer only if the answer has had its own.
        whole = answer.completed;
        return undefined;
      default:
        return undefined;
    }
  }

  return {
    take,
    get begun() {
      return begun;
    },
    get whole() {
      return whole;
    },
    get answer() {
      return { ...answer.whole, ...(usage && { usage }) };
    },
  };
}
