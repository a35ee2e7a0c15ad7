import type { EnterMessage } from './enter-message.ts';
import type { StringMap } from './fields.ts';
import { createIds } from './ids.ts';
import { Refusal } from './refusal.ts';
import type { ContentType, MessageType } from './script.ts';

/** A message as it goes over the wire. */
export interface Message {
  readonly id: string;
  readonly conversation_id: string;
  readonly bot_id?: string;
  readonly chat_id?: string;
  readonly section_id: string;
  readonly role: 'user' | 'assistant';
  readonly type: MessageType;
  readonly content: string;
  readonly content_type: ContentType;
  readonly meta_data: StringMap;
  readonly reasoning_content?: string;
  readonly created_at: number;
  readonly updated_at: number;
}

export type ChatStatus = 'created' | 'in_progress' | 'completed' | 'failed' | 'requires_action' | 'canceled';

/** One run of a bot. */
export interface Chat {
  readonly id: string;
  readonly conversation: Conversation;
  readonly sectionId: string;
  readonly botId: string;
  readonly metaData: StringMap;
  /** With `auto_save_history=false` nothing of it can be asked for later. */
  readonly saved: boolean;
  readonly createdAt: number;
  status: ChatStatus;
  endedAt?: number;
  lastError: { readonly code: number; readonly msg: string };
  usage?: { readonly input: number; readonly output: number };
  requiredAction: object;
  /** What the run has brought forth so far. */
  readonly messages: Message[];
}

export interface Conversation {
  readonly id: string;
  /** The account it was made with: nobody else finds it. */
  readonly owner: string;
  readonly name: string;
  readonly metaData: StringMap;
  readonly createdAt: number;
  /** The context window: a new one begins when the conversation is cleared. */
  sectionId: string;
  /** Questions and answers of all sections, oldest first. */
  readonly messages: Message[];
  /** The chat that runs in it, listened to or not. */
  occupant?: Chat;
}

export type NewChat = Pick<Chat, 'conversation' | 'botId' | 'metaData' | 'saved'>;

const noAction = { type: '', submit_tool_outputs: { tool_calls: [] } };

export const seconds = () => Math.floor(Date.now() / 1_000);

export type State = ReturnType<typeof createState>;

/** Everything that Coze would keep. */
export function createState() {
  const newId = createIds();
  const conversations = new Map<string, Conversation>();
  const chats = new Map<string, Chat>();

  function findConversation(id: string, owner: string): Conversation {
    const conversation = conversations.get(id);
    if (conversation?.owner !== owner) throw new Refusal(4002, 'The conversation does not exist');
    return conversation;
  }

  return {
    newId,
    conversations,
    chats,
    findConversation,

    createConversation(owner: string, name = '', metaData: StringMap = {}): Conversation {
      const id = newId();
      const conversation = {
        id,
        owner,
        name,
        metaData,
        createdAt: seconds(),
        sectionId: newId(),
        messages: [],
      };
      conversations.set(id, conversation);
      return conversation;
    },

    createChat(fresh: NewChat): Chat {
      const chat: Chat = {
        ...fresh,
        id: newId(),
        sectionId: fresh.conversation.sectionId,
        createdAt: seconds(),
        status: 'created',
        lastError: { code: 0, msg: '' },
        requiredAction: noAction,
        messages: [],
      };
      chats.set(chat.id, chat);
      fresh.conversation.occupant = chat;
      return chat;
    },

    findChat(conversationId: string, chatId: string, owner: string): Chat {
      const conversation = findConversation(conversationId, owner);
      const chat = chats.get(chatId);
      if (chat?.conversation !== conversation) throw new Refusal(4001, 'The chat does not exist');
      return chat;
    },

    /** Keeps what was handed in, so that the next chats remember it. */
    remember(conversation: Conversation, message: EnterMessage, chat?: Chat): void {
      conversation.messages.push({
        id: newId(),
        conversation_id: conversation.id,
        ...(chat && { bot_id: chat.botId, chat_id: chat.id }),
        section_id: conversation.sectionId,
        role: message.role,
        type: message.type,
        content: message.content,
        content_type: message.contentType,
        meta_data: message.metaData,
        created_at: seconds(),
        updated_at: seconds(),
      });
    },

    /** What a chat in this conversation would know: the current section without the cancelled turns. */
    remembered(conversation: Conversation): Message[] {
      return conversation.messages.filter(
        ({ section_id, chat_id }) =>
          section_id === conversation.sectionId && chats.get(chat_id ?? '')?.status !== 'canceled',
      );
    },
  };
}

/** The run is over for the outside: its status stands, and the conversation is free. */
export function settle(chat: Chat, status: ChatStatus): void {
  if (chat.status !== 'canceled') {
    chat.status = status;
    chat.endedAt = seconds();
  }
  free(chat);
}

export function free(chat: Chat): void {
  if (chat.conversation.occupant === chat) delete chat.conversation.occupant;
}
