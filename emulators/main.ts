import { parseArgs } from 'node:util';
import { startCozeEmulator } from './coze/index.ts';
import { startDiscordEmulator } from './discord/emulator.ts';
import { startTelegramEmulator } from './telegram/emulator.ts';

const usage = `npm run emulators                  stand-ins for Coze, Telegram and Discord, on the ports 7301 to 7303
npm run emulators -- --port N      on the ports N, N+1 and N+2`;

/** The first of three ports. Throws for whatever else was asked for. */
function readPort(): number {
  const { values } = parseArgs({
    options: { port: { type: 'string', default: '7301' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port < 1 || port > 65_533)
    throw new Error('--port must be a number from 1 to 65533');
  return port;
}

function fail(words: string): never {
  console.error(words);
  process.exit(1);
}

let port: number;
try {
  port = readPort();
} catch (error) {
  fail(`${(error as Error).message}\n\n${usage}`);
}
const [coze, telegram, discord] = await Promise.all([
  startCozeEmulator({ port }),
  startTelegramEmulator({ port: port + 1, local: true }),
  startDiscordEmulator({ port: port + 2 }),
]).catch((error: Error) =>
  fail(
    `The emulators need the ports ${port} to ${port + 2}, or three others with \`-- --port N\`: ${error.message}`,
  ),
);
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
