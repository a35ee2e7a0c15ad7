import { Bot } from 'grammy';
import { growAnswer } from './bare-answer.ts';

/** A grammY handler and nothing else. */
const { TELEGRAM_BOT_TOKEN = '', TELEGRAM_API_ROOT = '' } = process.env;

const bot = new Bot(TELEGRAM_BOT_TOKEN, { client: { apiRoot: TELEGRAM_API_ROOT } });

bot.on('message:text', ({ message: { chat, text } }) => {
  let posted: { message_id: number } | undefined;
  void growAnswer(String(chat.id), text, async (answer) => {
    if (posted) await bot.api.editMessageText(chat.id, posted.message_id, answer);
    else posted = await bot.api.sendMessage(chat.id, answer);
  });
});

await bot.start({ onStart: () => void process.stderr.write('"msg":"ready"') });
