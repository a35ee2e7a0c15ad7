import { ChatEventType, CozeAPI, RoleType } from '@coze/api';
import { Bot } from 'grammy';

/** What one would write first: a grammY handler that asks @coze/api and edits its reply once a second. */
const {
  TELEGRAM_BOT_TOKEN = '',
  TELEGRAM_API_ROOT = '',
  COZE_API_TOKEN = '',
  COZE_BASE_URL = '',
} = process.env;
const { COZE_BOT_ID = '' } = process.env;

const bot = new Bot(TELEGRAM_BOT_TOKEN, { client: { apiRoot: TELEGRAM_API_ROOT } });
const coze = new CozeAPI({ baseURL: COZE_BASE_URL, token: COZE_API_TOKEN });
const conversations = new Map<number, string>();

bot.on('message:text', (context) => {
  const { chat, text } = context.message;
  void (async () => {
    const stream = coze.chat.stream({
      bot_id: COZE_BOT_ID,
      user_id: String(chat.id),
      ...(conversations.has(chat.id) && { conversation_id: conversations.get(chat.id) ?? '' }),
      additional_messages: [{ role: RoleType.User, content: text, content_type: 'text' }],
    });
    let answer = '';
    let shown = '';
    let paintedAt = 0;
    let message: { message_id: number } | undefined;
    for await (const event of stream) {
      if (event.event === ChatEventType.CONVERSATION_CHAT_CREATED) {
        conversations.set(chat.id, event.data.conversation_id);
      } else if (event.event === ChatEventType.CONVERSATION_MESSAGE_DELTA) {
        answer += event.data.content;
        if (Date.now() - paintedAt < 1_000) continue;
        paintedAt = Date.now();
        shown = answer;
        if (message) await bot.api.editMessageText(chat.id, message.message_id, shown);
        else message = await bot.api.sendMessage(chat.id, shown);
      }
    }
    if (message && shown !== answer) await bot.api.editMessageText(chat.id, message.message_id, answer);
  })();
});

await bot.start({ onStart: () => void process.stderr.write('"msg":"ready"') });
