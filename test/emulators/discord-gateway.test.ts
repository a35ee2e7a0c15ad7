import { ChannelType, Events, GatewayIntentBits, Routes } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { listen, startClient, startDiscord } from './discord-client.ts';
import { closeCodeOf, identity } from './discord-line.ts';

describe('discord.js, unchanged', () => {
  test('becomes ready, sees its guilds, hears a mention and a DM, and answers them', async () => {
    const { emulator } = await startDiscord();
    const guild = emulator.guild({ name: 'Readers' });
    const channel = guild.channel();
    const dm = emulator.dm();
    const client = await startClient(emulator);
    expect(client.user.id).toBe(emulator.bot.user.id);
    expect(client.guilds.cache.get(guild.id)?.name).toBe('Readers');
    const heard = listen(client);
    channel.say(`${emulator.mention} hello`);
    dm.say('in private');
    await emulator.until(() => heard.length === 2);
    const [public_, private_] = heard;
    expect(public_).toMatchObject({ content: `${emulator.mention} hello`, guildId: guild.id });
    expect(public_?.mentions.has(client.user)).toBe(true);
    expect(public_?.member?.id).toBe(guild.person.id);
    expect(private_).toMatchObject({ content: 'in private', channel: { type: ChannelType.DM } });
    await public_?.reply({ content: 'hi', allowedMentions: { parse: [] } });
    await private_?.reply('hi too');
    expect(emulator.shown(channel.id)).toMatchObject([{ content: 'hi', replyTo: public_?.id }]);
    expect(emulator.shown(dm.id)).toMatchObject([{ content: 'hi too' }]);
    expect(emulator.calls.filter(({ unknownRoute }) => unknownRoute)).toEqual([]);
  });

  test('a thread of a known guild, and a DM that it has never seen, arrive by their channel_type', async () => {
    const { emulator } = await startDiscord();
    const channel = emulator.guild().channel();
    const heard = listen(await startClient(emulator));
    const beginning = channel.say('a topic');
    const thread = channel.thread('the topic', { messageId: beginning.id });
    expect(thread.id).toBe(beginning.id);
    thread.say(`${emulator.mention} and?`);
    await emulator.until(() => heard.length === 2);
    expect(heard[1]?.channel.isThread()).toBe(true);
    expect(heard[1]?.channel).toMatchObject({ parentId: channel.id, name: 'the topic' });
  });

  test('without channel_type a DM that it has never seen is lost to it', async () => {
    const { emulator } = await startDiscord({ channelType: false });
    const channel = emulator.guild().channel();
    const heard = listen(await startClient(emulator));
    emulator.dm().say('lost');
    channel.say('not lost');
    await emulator.until(() => heard.length > 0);
    expect(heard).toMatchObject([{ channelId: channel.id }]);
  });

  test('it learns of edits, deletions, threads, and of being thrown out', async () => {
    const { emulator } = await startDiscord();
    const guild = emulator.guild();
    const channel = guild.channel();
    const client = await startClient(emulator);
    const seen: string[] = [];
    client.on(Events.MessageUpdate, (_, { content }) => void seen.push(`edited: ${content}`));
    client.on(Events.MessageDelete, () => void seen.push('deleted'));
    client.on(Events.ThreadCreate, ({ name }) => void seen.push(`thread: ${name}`));
    client.on(Events.ThreadUpdate, (_, { archived }) => void seen.push(`archived: ${archived}`));
    client.on(Events.GuildDelete, ({ id }) => void seen.push(`gone: ${id}`));
    const said = channel.say('first');
    channel.edit(said.id, `${emulator.mention} second`);
    channel.remove(said.id);
    channel.thread('aside').archive();
    guild.kickBot();
    await emulator.until(() => seen.length === 5);
    expect(seen).toEqual([
      `edited: ${emulator.mention} second`,
      'deleted',
      'thread: aside',
      'archived: true',
      `gone: ${guild.id}`,
    ]);
    expect(client.guilds.cache.size).toBe(0);
  });
});

describe('intents', () => {
  test('who types is told with the intent for it; that the bot types is shown', async () => {
    const { emulator, rest } = await startDiscord();
    const channel = emulator.guild().channel();
    const typed = async (intents: GatewayIntentBits[]) => {
      const client = await startClient(emulator, { intents: [GatewayIntentBits.GuildMessages, ...intents] });
      const events: string[] = [];
      client.on(Events.Raw, ({ t }: { t: string }) => void events.push(t));
      channel.type();
      channel.say('x');
      await emulator.until(() => events.includes('MESSAGE_CREATE'));
      return events;
    };
    expect(await typed([])).toEqual(['MESSAGE_CREATE']);
    expect(await typed([GatewayIntentBits.GuildMessageTyping])).toEqual(['TYPING_START', 'MESSAGE_CREATE']);
    await rest.post(Routes.channelTyping(channel.id));
    expect(emulator.typing(channel.id)).toMatchObject([{ userId: emulator.bot.user.id }]);
  });

  test('without the content intent only DMs, own messages and mentions can be read', async () => {
    const { emulator, rest } = await startDiscord();
    const guild = emulator.guild();
    const channel = guild.channel();
    const heard = listen(await startClient(emulator));
    const overheard = channel.say('among us', { attachments: [{ name: 'a.txt' }] });
    const { id: own } = (await rest.post(Routes.channelMessages(channel.id), {
      body: { content: 'said by the bot' },
    })) as { id: string };
    channel.say('an answer to the bot', { replyTo: own });
    channel.say('a silent answer', { replyTo: own, ping: false });
    const role = [...(overheard.channel.guild?.roles.values() ?? [])].find(
      ({ botId }) => botId !== undefined,
    );
    channel.say(`<@&${role?.id}> the role is not the bot`);
    emulator.dm().say('in private');
    await emulator.until(() => heard.length === 6);
    expect(heard.map(({ content }) => content)).toEqual([
      '',
      'said by the bot',
      'an answer to the bot',
      '',
      '',
      'in private',
    ]);
    expect(heard[0]).toMatchObject({ id: overheard.id });
    expect(heard[0]?.attachments.size).toBe(0);
  });

  test('with the content intent all of it can be read, if the portal allows it', async () => {
    const { emulator } = await startDiscord({ privilegedIntents: ['messageContent'] });
    const channel = emulator.guild().channel();
    const { GuildMessages, Guilds, MessageContent } = GatewayIntentBits;
    const heard = listen(await startClient(emulator, { intents: [Guilds, GuildMessages, MessageContent] }));
    emulator.dm().say('not asked for');
    channel.say('among us', { attachments: [{ name: 'a.txt', content: 'abc' }] });
    await emulator.until(() => heard.length > 0);
    expect(heard).toMatchObject([{ content: 'among us' }]);
    const attachment = heard[0]?.attachments.first();
    expect(attachment).toMatchObject({ name: 'a.txt', size: 3, contentType: 'text/plain' });
    expect(await (await fetch(attachment?.url ?? '')).text()).toBe('abc');
    expect((await fetch(attachment?.url.split('?')[0] ?? '')).status).toBe(404);
  });

  test('an intent that the portal has not switched on closes with 4014, a wrong token with 4004', async () => {
    const { emulator } = await startDiscord();
    const identify = (change: object) => [{ op: 2, d: { ...identity(emulator.token), ...change } }];
    expect(await closeCodeOf(emulator.url, identify({ intents: 1 << 15 }))).toBe(4014);
    expect(await closeCodeOf(emulator.url, identify({ intents: 1 << 30 }))).toBe(4013);
    expect(await closeCodeOf(emulator.url, identify({ token: 'wrong' }))).toBe(4004);
    expect(await closeCodeOf(emulator.url, identify({ shard: [1, 1] }))).toBe(4010);
    expect(await closeCodeOf(emulator.url, identify({ properties: undefined }))).toBe(4002);
  });
});
