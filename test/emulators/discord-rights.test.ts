import { Routes } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { inChannel, mistakes, refused, startDiscord } from './discord-client.ts';

const none = { parse: [] };

describe('who is called', () => {
  test('a write that does not say otherwise calls everybody whom it names, and so does its edit', async () => {
    const { emulator, create, edit, channel, guild } = await inChannel();
    const role = guild.role();
    const { id: ada } = emulator.person({ name: 'Ada' });
    const text = `@everyone <@${ada}> <@&${role.id}> \`<@1>\``;
    const { id, mentions, mention_everyone } = await create({ content: text, allowed_mentions: none });
    expect({ mentions, mention_everyone }).toEqual({ mentions: [], mention_everyone: false });
    expect(emulator.pings()).toEqual([]);
    await edit(id, { content: `${text}!`, allowed_mentions: none });
    expect(emulator.pings()).toEqual([]);
    await edit(id, { content: `${text}?` });
    expect(emulator.pings(channel.id)).toMatchObject([
      { messageId: id, write: 'edit', everyone: true, users: [ada], roles: [role.id], content: `${text}?` },
    ]);
    await edit(id, { flags: 4 });
    expect(emulator.pings()).toHaveLength(2);
  });

  test('allowed_mentions lets pass what it lists, and nothing in code is a mention', async () => {
    const { emulator, create, guild } = await inChannel();
    const [ada, bob] = [emulator.person().id, emulator.person().id];
    const content = `<@${ada}> <@${bob}> @here`;
    expect((await create({ content, allowed_mentions: { users: [bob] } })).mentions).toMatchObject([
      { id: bob },
    ]);
    await create({ content: `\`\`\`\n${content}\n\`\`\` and \`@everyone\`` });
    const silent = guild.role({ mentionable: false });
    await create({ content: `<@&${silent.id}>`, allowed_mentions: { parse: ['everyone'] } });
    expect(emulator.pings()).toMatchObject([{ users: [bob], everyone: false }]);
    const both = { parse: ['users'], users: [bob] };
    expect(await refused(create({ content, allowed_mentions: both }))).toMatch('400 50035');
    expect(await refused(create({ content, allowed_mentions: { parse: ['all'] } }))).toMatch('400 50035');
  });

  test('a reply calls whom it answers, unless allowed_mentions is there and does not say so', async () => {
    const { emulator, create, channel } = await inChannel();
    const { id, author } = channel.say('a question');
    const message_reference = { message_id: id };
    const reply = await create({ content: '1', message_reference, allowed_mentions: none });
    expect(reply).toMatchObject({ type: 19, referenced_message: { id, content: '' } });
    expect(emulator.pings()).toEqual([]);
    await create({ content: '2', message_reference, allowed_mentions: { parse: [], replied_user: true } });
    await create({ content: '3', message_reference });
    expect(emulator.pings()).toMatchObject([
      { content: '2', users: [author.id] },
      { content: '3', users: [author.id] },
    ]);
  });
});

describe('what the bot may not', () => {
  test('a reply to nothing fails, unless it says that it should not', async () => {
    const { create, channel, shown } = await inChannel();
    const { id } = channel.say('a question');
    channel.remove(id);
    const reply = (more = {}) => create({ content: 'x', message_reference: { message_id: id, ...more } });
    expect(await mistakes(reply())).toMatchObject({
      message_reference: { _errors: [{ code: 'MESSAGE_REFERENCE_UNKNOWN_MESSAGE' }] },
    });
    expect(await refused(reply({ fail_if_not_exists: false }))).toBe('accepted');
    expect(shown()).toMatchObject([{ replyTo: undefined }]);
  });

  test('each missing right has its code', async () => {
    const { emulator, guild, channel, create, edit, rest } = await inChannel();
    const { id } = channel.say('by a person');
    expect(await refused(edit(id, { content: 'x' }))).toBe(
      '403 50005 Cannot edit a message authored by another user',
    );
    expect(await refused(rest.delete(Routes.channelMessage(channel.id, id)))).toMatch('403 50013');
    channel.deny(['readMessageHistory']);
    const reply = { content: 'x', message_reference: { message_id: id } };
    expect(await refused(create(reply))).toMatch('403 160002');
    channel.deny(['attachFiles']);
    const files = [{ name: 'a', data: Buffer.from('a') }];
    expect(await refused(rest.post(Routes.channelMessages(channel.id), { files }))).toMatch('403 50013');
    channel.deny(['sendMessages']);
    expect(await refused(create({ content: 'x' }))).toBe('403 50013 Missing Permissions');
    channel.deny(['viewChannel']);
    expect(await refused(create({ content: 'x' }))).toBe('403 50001 Missing Access');
    channel.deny([]);
    guild.kickBot();
    expect(await refused(create({ content: 'x' }))).toBe('403 50001 Missing Access');
    channel.close();
    expect(await refused(create({ content: 'x' }))).toBe('404 10003 Unknown Channel');
    const forum = emulator.guild().channel({ type: 'forum' });
    expect(await refused(rest.post(Routes.channelMessages(forum.id), { body: { content: 'x' } }))).toMatch(
      '50008',
    );
  });

  test('AutoMod does not let every word pass', async () => {
    const { emulator, rest } = await startDiscord();
    const { id } = emulator.guild().channel({ blockedWords: ['heron'] });
    const create = (content: string) => rest.post(Routes.channelMessages(id), { body: { content } });
    expect(await refused(create('a Heron'))).toBe('400 200000 Message was blocked by automatic moderation');
    expect(await refused(create('a stork'))).toBe('accepted');
  });
});
