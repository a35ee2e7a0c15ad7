import { ChatEventType, CozeAPI, RoleType } from '@coze/api';

const { COZE_API_TOKEN = '', COZE_BASE_URL = '', COZE_BOT_ID = '' } = process.env;

const coze = new CozeAPI({ baseURL: COZE_BASE_URL, token: COZE_API_TOKEN });
const conversations = new Map<string, string>();

/** What one would write first: asks @coze/api, and paints the answer once a second and at its end. */
export async function growAnswer(
  person: string,
  question: string,
  paint: (text: string) => Promise<unknown>,
): Promise<void> {
  const conversation = conversations.get(person);
  const stream = coze.chat.stream({
    bot_id: COZE_BOT_ID,
    user_id: person,
    ...(conversation && { conversation_id: conversation }),
    additional_messages: [{ role: RoleType.User, content: question, content_type: 'text' }],
  });
  let answer = '';
  let shown = '';
  let paintedAt = 0;
  for await (const event of stream) {
    if (event.event === ChatEventType.CONVERSATION_CHAT_CREATED) {
      conversations.set(person, event.data.conversation_id);
    } else if (event.event === ChatEventType.CONVERSATION_MESSAGE_DELTA) {
      answer += event.data.content;
      if (Date.now() - paintedAt < 1_000) continue;
      paintedAt = Date.now();
      shown = answer;
      await paint(shown);
    }
  }
  if (shown !== answer) await paint(answer);
}
