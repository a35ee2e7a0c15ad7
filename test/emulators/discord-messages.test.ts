import { type APIMessage, Routes } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { frozenClock, inChannel, mistakes, refused } from './discord-client.ts';

describe('writing', () => {
  test('a message is created, edited and deleted, and its history is kept', async () => {
    const { emulator, channel, create, edit, shown, rest } = await inChannel();
    const sent = await create({ content: '  **hi**\n' });
    expect(sent).toMatchObject({ content: '**hi**', type: 0, author: { bot: true }, edited_timestamp: null });
    expect(sent.id).toMatch(/^\d{17,19}$/);
    expect(Number(BigInt(sent.id) >> 22n) + 1_420_070_400_000).toBeCloseTo(Date.parse(sent.timestamp), -3);
    const edited = await edit(sent.id, { content: 'hi there' });
    expect(Date.parse(edited.edited_timestamp ?? '')).toBeGreaterThan(0);
    expect(shown()).toMatchObject([
      { content: 'hi there', deleted: false, history: [{ content: '**hi**' }, { content: 'hi there' }] },
    ]);
    await rest.delete(Routes.channelMessage(channel.id, sent.id));
    expect(shown()).toMatchObject([{ deleted: true }]);
    expect(await refused(edit(sent.id, { content: 'x' }))).toBe('404 10008 Unknown Message');
    expect(emulator.calls.map(({ route }) => route)).toContain('/channels/:channel/messages/:message');
  });

  test('too long, empty, and what is no message at all', async () => {
    const { create, edit } = await inChannel();
    const { id } = await create({ content: 'x'.repeat(2000) });
    expect(await mistakes(create({ content: 'x'.repeat(2001) }))).toEqual({
      content: {
        _errors: [{ code: 'BASE_TYPE_MAX_LENGTH', message: 'Must be 2000 or fewer in length.' }],
      },
    });
    expect(await refused(edit(id, { content: '长'.repeat(2001) }))).toMatch('400 50035 Invalid Form Body');
    const empty = '400 50006 Cannot send an empty message';
    expect(await refused(create({ content: ' \n' }))).toBe(empty);
    expect(await refused(create({}))).toBe(empty);
    expect(await refused(edit(id, { content: '' }))).toBe(empty);
    expect(await refused(edit(id, {}))).toBe('accepted');
  });

  test('embeds, buttons and nonces have their limits', async () => {
    const { create } = await inChannel();
    const row = (...buttons: object[]) => ({ components: [{ type: 1, components: buttons }], content: 'x' });
    const button = { type: 2, style: 1, label: 'Go', custom_id: 'go' };
    const embed = { description: 'd'.repeat(4096) };
    expect(await refused(create(row(button)))).toBe('accepted');
    expect(await refused(create({ embeds: [embed] }))).toBe('accepted');
    const wrong = [
      create(row({ ...button, label: 'x'.repeat(81) })),
      create(row({ ...button, custom_id: 'x'.repeat(101) })),
      create(row(button, button)),
      create({ content: 'x', components: [button] }),
      create({ embeds: [embed, embed] }),
      create({ embeds: [{ title: 'x'.repeat(257) }] }),
      create({ embeds: Array(11).fill({ title: 'x' }) }),
      create({ content: 'x', nonce: 'x'.repeat(26) }),
      create({ content: 'x', flags: 1 << 15 }),
      create({ flags: 1 << 15, components: [{ type: 10, content: 'x'.repeat(4001) }] }),
    ];
    for (const call of wrong) expect(await refused(call)).toMatch('400 50035');
    expect(await mistakes(create(row({ ...button, label: 'x'.repeat(81) })))).toEqual({
      components: {
        0: {
          components: {
            0: {
              label: {
                _errors: [{ code: 'BASE_TYPE_MAX_LENGTH', message: 'Must be 80 or fewer in length.' }],
              },
            },
          },
        },
      },
    });
  });

  test('components v2 stay: what has the flag cannot lose it nor get content', async () => {
    const { create, edit } = await inChannel();
    const components = [{ type: 10, content: 'hello' }];
    const { id, flags } = await create({ flags: 1 << 15, components });
    expect(flags).toBe(1 << 15);
    expect((await edit(id, { components, flags: 0 })).flags).toBe(1 << 15);
    expect(await refused(edit(id, { content: 'x' }))).toMatch('400 50035');
  });

  test('only flags that may be set are set, and link previews come and go', async () => {
    const { create, edit, shown } = await inChannel();
    const sent = await create({
      content: 'x',
      embeds: [{ title: 't' }],
      flags: (1 << 2) | (1 << 6) | (1 << 12),
    });
    expect(sent.flags).toBe((1 << 2) | (1 << 12));
    expect(shown()[0]?.embeds).toEqual([]);
    expect((await edit(sent.id, { flags: 0 })).flags).toBe(1 << 12);
    expect(shown()[0]?.embeds).toMatchObject([{ title: 't' }]);
  });

  test('a nonce that is enforced gives the first message back, for some minutes', async () => {
    const clock = frozenClock();
    const { emulator, create, edit, shown, rest, channel } = await inChannel({ now: clock.now });
    const body = { content: 'a', nonce: 'n-1', enforce_nonce: true };
    const first = await create(body);
    expect(first.nonce).toBe('n-1');
    await edit(first.id, { content: 'changed' });
    expect(await create({ ...body, content: 'other' })).toMatchObject({ id: first.id, content: 'changed' });
    const elsewhere = Routes.channelMessages(emulator.guild().channel().id);
    expect(await rest.post(elsewhere, { body })).toMatchObject({ id: first.id, channel_id: channel.id });
    expect(shown()).toHaveLength(1);
    await rest.delete(Routes.channelMessage(channel.id, first.id));
    expect(await refused(create(body))).toBe('404 10008 Unknown Message');
    await create({ ...body, enforce_nonce: false });
    expect(shown()).toHaveLength(2);
    clock.advance(180_001);
    await create(body);
    expect(shown()).toHaveLength(3);
  });

  test('files are kept with name, size and kind; an edit keeps those that it lists', async () => {
    const { emulator, rest, url, edit, shown, channel } = await inChannel();
    const files = [
      { name: 'answer.md', data: Buffer.from('# 你好'), contentType: 'text/markdown' },
      { name: 'b.txt', data: Buffer.from('b') },
    ];
    const attachments = [{ id: 0, description: 'all of it' }];
    const sent = (await rest.post(url, { body: { content: '', attachments }, files })) as APIMessage;
    expect(sent.attachments).toMatchObject([
      { filename: 'answer.md', size: 8, content_type: 'text/markdown', description: 'all of it' },
      { filename: 'b.txt', size: 1 },
    ]);
    expect(shown()[0]?.files).toMatchObject([
      { name: 'answer.md', contentType: 'text/markdown', sizeBytes: 8, content: '# 你好' },
      { name: 'b.txt', content: 'b', bytes: Buffer.from('b') },
    ]);
    expect(await (await fetch(sent.attachments[0]?.url ?? '')).text()).toBe('# 你好');
    expect(emulator.calls.at(-1)?.files).toMatchObject([{ name: 'answer.md', size: 8 }, { name: 'b.txt' }]);
    await edit(sent.id, { attachments: [{ id: sent.attachments[1]?.id }] });
    expect(shown()[0]?.attachments).toMatchObject([{ filename: 'b.txt' }]);
    expect(await refused(edit(sent.id, { attachments: [] }))).toMatch('50006');
    const big = [{ name: 'big', data: Buffer.alloc(10 * 1024 * 1024 + 1) }];
    expect(await refused(rest.post(Routes.channelMessages(channel.id), { files: big }))).toMatch('413 40005');
  });

  test('what is not a field of the platform is noted, and an unknown route is 404 and noted too', async () => {
    const { emulator, create, rest } = await inChannel();
    await create({ content: 'x', colour: 'red', allowed_mentions: { parse: [], mentions: [] } });
    expect(emulator.calls.at(-1)?.unknownFields).toEqual(['colour', 'allowed_mentions.mentions']);
    expect(await refused(rest.get('/guilds/1/nothing'))).toBe('404 0 404: Not Found');
    expect(emulator.calls.at(-1)).toMatchObject({ unknownRoute: true, path: '/guilds/1/nothing' });
    expect(await refused(rest.put('/users/@me'))).toBe('405 0 405: Method Not Allowed');
    expect(await refused(rest.get('/channels/123'))).toMatch('400 50035 Invalid Form Body');
  });
});

describe('reading', () => {
  test('messages come newest first, by page, and hide what others wrote', async () => {
    const { channel, create, rest, url, emulator } = await inChannel();
    const said = [channel.say('1'), channel.say(`${emulator.mention} 2`), channel.say('3')];
    const own = await create({ content: '4' });
    const read = async (query: object = {}) => {
      const found = await rest.get(url, { query: new URLSearchParams({ ...query }) });
      return (found as APIMessage[]).map(({ content }) => content);
    };
    expect(await read()).toEqual(['4', '', `${emulator.mention} 2`, '']);
    expect(await read({ after: said[0]?.id, limit: '2' })).toEqual(['', `${emulator.mention} 2`]);
    expect(await read({ before: own.id, limit: '1' })).toEqual(['']);
    expect(await refused(read({ limit: '101' }))).toMatch('400 50035');
    channel.deny(['readMessageHistory']);
    expect(await read()).toEqual([]);
  });

  test('they say less of themselves than on the gateway: not where they are, nor what people are there', async () => {
    const { channel, emulator, rest, url } = await inChannel({ privilegedIntents: ['messageContent'] });
    const person = emulator.person({ name: 'Ada' });
    channel.say(`<@${person.id}> and ${emulator.mention}`, { from: person });
    const [message] = (await rest.get(url)) as (APIMessage & Record<string, unknown>)[];
    for (const name of ['guild_id', 'member', 'channel_type']) expect(message).not.toHaveProperty(name);
    expect(message?.mentions).toHaveLength(2);
    for (const mention of message?.mentions ?? []) expect(mention).not.toHaveProperty('member');
  });

  test('a page may lie around a message, and ids are ids', async () => {
    const { channel, rest, url } = await inChannel({ privilegedIntents: ['messageContent'] });
    const said = Array.from({ length: 9 }, (_, nth) => channel.say(String(nth)).id);
    const read = async (query: Record<string, string>) => {
      const found = await rest.get(url, { query: new URLSearchParams(query) });
      return (found as APIMessage[]).map(({ content }) => content).join('');
    };
    expect(await read({ around: said[4] ?? '', limit: '3' })).toBe('543');
    expect(await read({ after: '0', limit: '2' })).toBe('10');
    expect(await read({ after: said[8] ?? '' })).toBe('');
    for (const name of ['around', 'before', 'after'])
      expect(await refused(read({ [name]: 'yesterday' }))).toMatch('400 50035');
    for (const limit of ['0', '101', 'x']) expect(await refused(read({ limit }))).toMatch('400 50035');
  });

  test('of a place that cannot be seen, or is gone, are refused', async () => {
    const { guild, channel, rest, url } = await inChannel();
    channel.say('1');
    channel.deny(['viewChannel']);
    expect(await refused(rest.get(url))).toBe('403 50001 Missing Access');
    const other = guild.channel();
    other.close();
    expect(await refused(rest.get(Routes.channelMessages(other.id)))).toBe('404 10003 Unknown Channel');
    const third = guild.channel();
    guild.kickBot();
    expect(await refused(rest.get(Routes.channelMessages(third.id)))).toBe('403 50001 Missing Access');
  });

  test('in private can always be read', async () => {
    const { emulator, rest } = await inChannel();
    const dm = emulator.dm();
    dm.say('in private');
    expect(await rest.get(Routes.channelMessages(dm.id))).toMatchObject([{ content: 'in private' }]);
  });

  test('with the content intent in the portal they can be read', async () => {
    const { channel, rest, url } = await inChannel({ privilegedIntents: ['messageContent'] });
    const { id } = channel.say('1');
    expect(await rest.get(url)).toMatchObject([{ content: '1' }]);
    expect(await rest.get(Routes.channelMessage(channel.id, id))).toMatchObject({ content: '1' });
  });
});
