import { type APIChannel, type APIMessage, type APIThreadChannel, Routes } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { inChannel, listen, refused, startClient, startDiscord } from './discord-client.ts';

describe('threads', () => {
  test('one that is begun from a message shares its id, and there is only one', async () => {
    const { channel, rest, emulator } = await inChannel();
    const { id } = channel.say(`${emulator.mention} a long matter`);
    const begin = () =>
      rest.post(Routes.threads(channel.id, id), { body: { name: 'a matter', auto_archive_duration: 60 } });
    const thread = (await begin()) as APIThreadChannel;
    expect(thread).toMatchObject({ id, type: 11, parent_id: channel.id, owner_id: emulator.bot.user.id });
    expect(await refused(begin())).toBe('400 160004 A thread has already been created for this message');
    expect(await rest.get(Routes.channelMessage(channel.id, id))).toMatchObject({
      flags: 1 << 5,
      thread: { id },
    });
    await rest.post(Routes.channelMessages(id), { body: { content: 'in it' } });
    expect(emulator.shown(id)).toMatchObject([{ content: 'in it' }]);
    expect(emulator.shown(channel.id)).toEqual([]);
  });

  test('one without a message is private unless it says otherwise; not every channel has threads', async () => {
    const { channel, rest, emulator } = await inChannel();
    const begin = (id: string, body: object) => rest.post(Routes.threads(id), { body });
    expect(await begin(channel.id, { name: 'x' })).toMatchObject({ type: 12 });
    expect(await begin(channel.id, { name: 'x', type: 11 })).toMatchObject({ type: 11 });
    expect(await refused(begin(channel.id, { name: 'x'.repeat(101) }))).toMatch('400 50035');
    expect(await refused(begin(channel.id, { name: 'x', auto_archive_duration: 61 }))).toMatch('400 50035');
    expect(await refused(begin(emulator.dm().id, { name: 'x' }))).toMatch('400 50024');
    channel.deny(['createPublicThreads']);
    expect(await refused(begin(channel.id, { name: 'x', type: 11 }))).toMatch('403 50013');
  });

  test('a message brings an archived thread back; what is in it cannot be changed before', async () => {
    const { channel, rest } = await inChannel();
    const thread = channel.thread('aside');
    const send = () => rest.post(Routes.channelMessages(thread.id), { body: { content: 'x' } });
    const { id } = (await send()) as APIMessage;
    const edit = () => rest.patch(Routes.channelMessage(thread.id, id), { body: { content: 'y' } });
    const isArchived = async () =>
      ((await rest.get(Routes.channel(thread.id))) as APIThreadChannel).thread_metadata?.archived;
    thread.archive();
    expect(await refused(edit())).toBe('400 50083 Thread is archived');
    expect(await isArchived()).toBe(true);
    expect(await refused(send())).toBe('accepted');
    expect(await isArchived()).toBe(false);
    expect(await refused(edit())).toBe('accepted');
  });

  test('a locked thread stays closed, archived or not', async () => {
    const { channel, rest } = await inChannel();
    const thread = channel.thread('aside');
    const send = () => refused(rest.post(Routes.channelMessages(thread.id), { body: { content: 'x' } }));
    const reopen = () => refused(rest.patch(Routes.channel(thread.id), { body: { archived: false } }));
    thread.lock();
    expect(await send()).toBe('403 160005 Thread is locked');
    thread.archive({ locked: true });
    expect(await send()).toBe('403 160005 Thread is locked');
    expect(await reopen()).toBe('403 50013 Missing Permissions');
    thread.archive();
    expect(await reopen()).toBe('accepted');
    expect(await send()).toBe('accepted');
  });

  test('in a thread it is the right for threads that counts', async () => {
    const { channel, rest } = await inChannel();
    const thread = channel.thread('aside');
    const send = () => refused(rest.post(Routes.channelMessages(thread.id), { body: { content: 'x' } }));
    channel.deny(['sendMessages']);
    expect(await send()).toBe('accepted');
    channel.deny(['sendMessagesInThreads']);
    expect(await send()).toBe('403 50013 Missing Permissions');
  });

  test('another bot and the bot itself are told apart from people', async () => {
    const { emulator, channel, create } = await inChannel();
    const heard = listen(await startClient(emulator));
    channel.say(`${emulator.mention} beep`, { from: emulator.person({ name: 'Robot', isBot: true }) });
    await create({ content: 'me' });
    await emulator.until(() => heard.length === 2);
    expect(heard.map(({ author }) => author.bot)).toEqual([true, true]);
    expect(heard[1]?.author.id).toBe(emulator.bot.user.id);
  });
});

describe('DMs', () => {
  test('a person has one with each bot, which only that bot sees', async () => {
    const { emulator, rest } = await startDiscord();
    const person = emulator.person();
    const openDm = (recipient_id: string) => rest.post(Routes.userChannels(), { body: { recipient_id } });
    const dm = (await openDm(person.id)) as APIChannel;
    expect(dm).toMatchObject({ type: 1, recipients: [{ id: person.id }] });
    expect(emulator.dm(person).id).toBe(dm.id);
    const theirs = emulator.dm(person, emulator.addBot());
    expect(theirs.id).not.toBe(dm.id);
    expect(await refused(rest.get(Routes.channel(theirs.id)))).toBe('403 50001 Missing Access');
    expect(await refused(openDm(emulator.bot.user.id))).toMatch('400 50033');
    expect(await refused(openDm('1'))).toMatch('400 50035');
  });

  test('who takes none gets none', async () => {
    const { emulator, rest } = await startDiscord();
    const dm = emulator.dm();
    const send = () => refused(rest.post(Routes.channelMessages(dm.id), { body: { content: 'x' } }));
    dm.open(false);
    expect(await send()).toBe('403 50007 Cannot send messages to this user');
    dm.open(true);
    expect(await send()).toBe('accepted');
  });
});
