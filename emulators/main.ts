import { startCozeEmulator } from './coze/index.ts';
import { startTelegramEmulator } from './telegram/emulator.ts';

const [coze, telegram] = await Promise.all([
  startCozeEmulator({ port: 7301 }),
  startTelegramEmulator({ port: 7302 }),
]).catch((error: Error) => {
  console.error(`The emulators need the ports 7301 and 7302: ${error.message}`);
  process.exit(1);
});
const { id } = telegram.privateChat();

console.log(`Coze and Telegram are emulated on this machine until you press Ctrl-C.

Start a bridge between them, in another terminal:

  COZE_API_TOKEN=any COZE_BOT_ID=7300000000000000001 COZE_BASE_URL=${coze.url} \\
  TELEGRAM_BOT_TOKEN=${telegram.token} TELEGRAM_API_ROOT=${telegram.url} npm start

Write to the bot as somebody, and see what it shows:

  curl ${telegram.url}/_emulator/say -d '{"chat":${id},"text":"hello"}'
  curl '${telegram.url}/_emulator/shown?chat=${id}'

Somebody else, or a group:

  curl ${telegram.url}/_emulator/chats -d '{"type":"private","name":"Ada","locale":"zh-hans"}'
  curl ${telegram.url}/_emulator/chats -d '{"type":"group","title":"Readers"}'

What each has heard, and how to make it misbehave (emulators/coze/fault.ts, emulators/telegram/faults.ts):

  curl ${coze.url}/_emulator/requests
  curl ${coze.url}/_emulator/fault -d '{"on":"/v3/chat","reply":"json","code":4028,"msg":"quota used up"}'
  curl ${telegram.url}/_emulator/calls
  curl ${telegram.url}/_emulator/fault -d '{"kind":"page","code":502,"method":"sendMessage"}'`);
