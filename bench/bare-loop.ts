import { createInterface } from 'node:readline';
import { ChatEventType, CozeAPI, RoleType } from '@coze/api';

/** Asks Coze each line that it reads, and does nothing with an answer but keep it as it grows. */
const { COZE_API_TOKEN = '', COZE_BASE_URL = '', COZE_BOT_ID = '' } = process.env;

const coze = new CozeAPI({ baseURL: COZE_BASE_URL, token: COZE_API_TOKEN });

createInterface(process.stdin).on('line', async (question) => {
  const stream = coze.chat.stream({
    bot_id: COZE_BOT_ID,
    user_id: 'somebody',
    additional_messages: [{ role: RoleType.User, content: question, content_type: 'text' }],
  });
  let answer = '';
  for await (const event of stream) {
    if (event.event === ChatEventType.CONVERSATION_MESSAGE_DELTA) answer += event.data.content;
  }
  if (answer === '') throw new Error('there was no answer');
});

process.stderr.write('"msg":"ready"');
