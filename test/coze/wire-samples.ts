/** Coze's words on the wire, as they were recorded; ids are int64 in decimal. */
export const conversationId = '7382159487131697202';
export const chatId = '7382159494123470858';

export const frame = (name: string, data: unknown): string =>
  `event:${name}\ndata:${JSON.stringify(data)}\n\n`;

const chat = (status: string, more: object = {}): object => ({
  id: chatId,
  conversation_id: conversationId,
  bot_id: '7379462189365198898',
  last_error: { code: 0, msg: '' },
  status,
  usage: { token_count: 0, output_count: 0, input_count: 0 },
  section_id: conversationId,
  ...more,
});

export const message = (id: string, content: string, more: object = {}): object => ({
  id,
  conversation_id: conversationId,
  chat_id: chatId,
  role: 'assistant',
  type: 'answer',
  content,
  content_type: 'text',
  ...more,
});

const created = frame('conversation.chat.created', chat('created'));
export const inProgress = frame('conversation.chat.in_progress', chat('in_progress'));
export const delta = (text: string, id = '1', more: object = {}): string =>
  frame('conversation.message.delta', message(id, text, more));
export const completed = (text: string, id = '1', more: object = {}): string =>
  frame('conversation.message.completed', message(id, text, more));
export const verbose = completed('{"msg_type":"generate_answer_finish","data":""}', '9', { type: 'verbose' });
export const chatCompleted = frame(
  'conversation.chat.completed',
  chat('completed', { usage: { token_count: 30, output_count: 20, input_count: 10 } }),
);
export const chatFailed = (more: object): string => frame('conversation.chat.failed', chat('failed', more));
export const requiresAction = (type: string): string =>
  frame(
    'conversation.chat.requires_action',
    chat('requires_action', { required_action: { type, submit_tool_outputs: { tool_calls: [] } } }),
  );
export const done = 'event:done\ndata:"[DONE]"\n\n';

export const begin = created + inProgress;
export const finish = verbose + chatCompleted + done;
export const hello = begin + delta('Hel') + delta('lo 你好 🎉') + completed('Hello 你好 🎉') + finish;

export const chatState = (status: string, more: object = {}): object => chat(status, more);
