import { Client, Events, GatewayIntentBits, type Message, Partials } from 'discord.js';
import { growAnswer } from './bare-answer.ts';

/** A discord.js handler and nothing else. */
const { DISCORD_BOT_TOKEN = '', DISCORD_API_URL = '' } = process.env;

const client = new Client({
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages],
  // Without it private messages are not heard.
  partials: [Partials.Channel],
  rest: { api: DISCORD_API_URL },
});

client.on(Events.MessageCreate, (message) => {
  if (message.author.bot) return;
  let posted: Message | undefined;
  void growAnswer(message.author.id, message.content, async (answer) => {
    if (posted) await posted.edit(answer);
    else posted = await message.reply(answer);
  });
});

client.once(Events.ClientReady, () => void process.stderr.write('"msg":"ready"'));
await client.login(DISCORD_BOT_TOKEN);
