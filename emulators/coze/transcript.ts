import type { Run } from './run.ts';
import type { ContentType, MessageType } from './script.ts';
import { type Message, seconds } from './state.ts';

interface OpenAnswer {
  readonly id: string;
  text: string;
  reasoning: string;
}

export type Transcript = ReturnType<typeof createTranscript>;

/** What a run says: each piece goes to the client as it comes, and is kept for those who ask later. */
export function createTranscript({ chat, outlet, state, dialect, script }: Run) {
  const { keepsReasoning = true } = script;
  const open = new Map<string, OpenAnswer>();
  let written = 0;

  function head(id: string, type: MessageType, content: string, contentType: ContentType) {
    return {
      id,
      conversation_id: chat.conversation.id,
      bot_id: chat.botId,
      role: 'assistant' as const,
      type,
      content,
      content_type: contentType,
      chat_id: chat.id,
      section_id: chat.sectionId,
      meta_data: {},
    };
  }

  function complete(message: Omit<Message, 'created_at' | 'updated_at'>): void {
    const whole = { ...message, created_at: seconds(), updated_at: seconds() };
    chat.messages.push(whole);
    if (whole.type === 'answer' && chat.saved) chat.conversation.messages.push(whole);
    outlet.event('conversation.message.completed', whole);
  }

  function add(type: MessageType, content: string, contentType: ContentType = 'text'): void {
    complete(head(state.newId(), type, content, contentType));
  }

  function finish(name: string, text?: string): void {
    const answer = open.get(name) ?? { id: state.newId(), text: '', reasoning: '' };
    open.delete(name);
    complete({
      ...head(answer.id, 'answer', text ?? answer.text, 'text'),
      ...(keepsReasoning && answer.reasoning && { reasoning_content: answer.reasoning }),
    });
  }

  return {
    add,
    finish,

    delta(name: string, content: string, reasoning = ''): void {
      const answer = open.get(name) ?? { id: state.newId(), text: '', reasoning: '' };
      open.set(name, answer);
      answer.text += content;
      answer.reasoning += reasoning;
      written += content.length + reasoning.length;
      outlet.event('conversation.message.delta', {
        ...head(answer.id, 'answer', content, 'text'),
        ...(reasoning && { reasoning_content: reasoning }),
      });
    },

    finishAll(): void {
      for (const name of open.keys()) finish(name);
    },

    verbose(msgType: string, data: string): void {
      add('verbose', JSON.stringify({ msg_type: msgType, data, from_module: null, from_unit: null }));
    },

    recall(chunks: readonly string[]): void {
      const data = { chunks: chunks.map((slice) => ({ slice })), ori_req: '', status_code: 0 };
      add(dialect.recallType, JSON.stringify({ msg_type: 'knowledge_recall', data: JSON.stringify(data) }));
    },

    /** Characters of all deltas: what usage is reckoned from. */
    written: () => written,
  };
}
