import { startCozeEmulator } from './coze/index.ts';
import { startDiscordEmulator } from './discord/emulator.ts';
import { startTelegramEmulator } from './telegram/emulator.ts';

const [coze, telegram, discord] = await Promise.all([
  startCozeEmulator({ port: 7301 }),
  startTelegramEmulator({ port: 7302, local: true }),
  startDiscordEmulator({ port: 7303 }),
]).catch((error: Error) => {
  console.error(`The emulators need the ports 7301 to 7303: ${error.message}`);
  process.exit(1);
});
const { id } = telegram.privateChat();
const dm = discord.dm();

console.log(`Coze, Telegram and Discord are emulated on this machine until you press Ctrl-C.

Start a bridge between them, in another terminal:

  COZE_API_TOKEN=any COZE_BOT_ID=7300000000000000001 COZE_BASE_URL=${coze.url} \\
  TELEGRAM_BOT_TOKEN=${telegram.token} TELEGRAM_API_ROOT=${telegram.url} \\
  DISCORD_BOT_TOKEN=${discord.token} DISCORD_API_URL=${discord.url}/api npm start

Write to the bot as somebody, and see what it shows:

  curl ${telegram.url}/_emulator/say -d '{"chat":${id},"text":"hello"}'
  curl '${telegram.url}/_emulator/shown?chat=${id}'
  curl ${discord.url}/_emulator/say -d '{"channel":"${dm.id}","text":"hello"}'
  curl '${discord.url}/_emulator/shown?channel=${dm.id}'

Somebody else, or a group:

  curl ${telegram.url}/_emulator/chats -d '{"type":"private","name":"Ada","locale":"zh-hans"}'
  curl ${telegram.url}/_emulator/chats -d '{"type":"group","title":"Readers"}'

What each has heard, and how to make it misbehave (emulators/coze/fault.ts, emulators/telegram/faults.ts):

  curl ${coze.url}/_emulator/requests
  curl ${coze.url}/_emulator/fault -d '{"on":"/v3/chat","reply":"json","code":4028,"msg":"quota used up"}'
  curl ${telegram.url}/_emulator/calls
  curl ${telegram.url}/_emulator/fault -d '{"kind":"page","code":502,"method":"sendMessage"}'`);
