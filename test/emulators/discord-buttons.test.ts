import { type APIMessageComponentInteraction, GatewayDispatchEvents, Routes } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { inChannel, mistakes, refused, startClient } from './discord-client.ts';

const stop = { type: 2, style: 4, label: 'Stop', custom_id: 'stop:1' };
const rows = (...buttons: object[]) => [{ type: 1, components: buttons }];

/** A message with a Stop button, and what the bot is told on the gateway when somebody presses. */
async function withButton(body: object = { content: 'working', components: rows(stop) }) {
  const all = await inChannel();
  const { emulator, rest } = all;
  const { id } = await all.create(body);
  const presses: APIMessageComponentInteraction[] = [];
  const client = await startClient(emulator);
  client.ws.on(GatewayDispatchEvents.InteractionCreate, (raw) => void presses.push(raw));
  const answer = (used: { id: string; token: string }, callback: object) =>
    rest.post(Routes.interactionCallback(used.id, used.token), { body: callback, auth: false });
  const reply = (token: string) => Routes.webhookMessage(emulator.bot.user.id, token, '@original');
  return { ...all, id, presses, answer, reply };
}

describe('who presses', () => {
  test('is told with the message, the data and what they may do', async () => {
    const { emulator, guild, channel, id, presses } = await withButton();
    const people = ['Bo', 'Ada', 'Mo'].map((name) => emulator.person({ name }));
    const [member, admin, moderator] = people as [(typeof people)[0], (typeof people)[0], (typeof people)[0]];
    guild.allow(admin);
    guild.allow(moderator, ['manageMessages']);
    for (const person of [...people, guild.person]) channel.as(person).press(id, 'stop:1');
    await emulator.until(() => presses.length === 4);
    expect(presses[0]).toMatchObject({
      type: 3,
      data: { component_type: 2, custom_id: 'stop:1' },
      message: { id, content: 'working', components: rows(stop) },
      member: { user: { id: member.id } },
      guild_id: guild.id,
      channel_id: channel.id,
    });
    const may = presses.map(({ member: by }) => {
      expect(by?.permissions).toMatch(/^\d+$/);
      const bits = BigInt(by?.permissions ?? 0);
      return [3n, 5n, 13n].map((bit) => (bits & (1n << bit)) !== 0n);
    });
    expect(may).toEqual([
      [false, false, false],
      [true, true, true],
      [false, false, true],
      [true, true, true],
    ]);
  });

  test('needs a button that is there, that is not disabled, and that they can see', async () => {
    const { emulator, channel, rest, id, create, edit, answer } = await withButton();
    const link = { type: 2, style: 5, label: 'Docs', url: 'https://docs.test' };
    const off = await create({ content: 'x', components: rows({ ...stop, disabled: true }, link) });
    expect(channel.buttons(off.id)).toEqual([
      { label: 'Stop', customId: 'stop:1', url: undefined, style: 4, disabled: true, row: 0, id: 2 },
      {
        label: 'Docs',
        customId: undefined,
        url: 'https://docs.test',
        style: 5,
        disabled: false,
        row: 0,
        id: 3,
      },
    ]);
    expect(() => channel.press(off.id, 'stop:1')).toThrow('no button');
    await edit(id, { content: 'stop:1', components: [] });
    expect(() => channel.press(id, 'stop:1')).toThrow('no button');
    const fresh = await create({ content: 'x', components: rows(stop) });
    const used = channel.press(fresh.id, 'stop:1');
    await answer(used, { type: 4, data: { content: 'sure?', flags: 64, components: rows(stop) } });
    const hidden = emulator.shown(channel.id).at(-1);
    expect(hidden?.visibleTo).toBeDefined();
    expect(() => channel.as(emulator.person()).press(hidden?.id ?? '', 'stop:1')).toThrow('no button');
    channel.press(hidden?.id ?? '', 'stop:1');
    expect(await refused(rest.get(Routes.channelMessage(channel.id, hidden?.id ?? '')))).toMatch('10008');
  });
});

describe('an answer to a press', () => {
  test('may leave the message, change it, or be for one person; and is edited and followed up by its token', async () => {
    const { channel, rest, emulator, id, answer, reply, shown } = await withButton();
    const [silent, changing] = [channel.press(id, 'stop:1'), channel.press(id, 'stop:1')];
    await answer(silent, { type: 6 });
    expect(await refused(answer(silent, { type: 6 }))).toMatch('400 40060');
    await rest.patch(reply(silent.token), { body: { content: 'half' }, auth: false });
    expect(shown()).toMatchObject([{ id, content: 'half', components: rows(stop) }]);
    await answer(changing, { type: 7, data: { content: 'stopped', components: [] } });
    expect(shown()).toMatchObject([{ id, content: 'stopped', components: [] }]);
    const files = [{ name: '答案.md', data: Buffer.from('# 好'), contentType: 'text/markdown' }];
    const url = Routes.webhook(emulator.bot.user.id, changing.token);
    await rest.post(url, { body: { content: 'whole', flags: 64 }, files, auth: false });
    expect(shown().at(-1)).toMatchObject({
      content: 'whole',
      visibleTo: expect.any(String),
      files: [{ name: '答案.md', contentType: 'text/markdown', sizeBytes: 5, content: '# 好' }],
    });
  });

  test('names its mistakes inside of data', async () => {
    const { channel, id, answer } = await withButton();
    const used = channel.press(id, 'stop:1');
    expect(await mistakes(answer(used, { type: 7, data: { content: 'x'.repeat(2001) } }))).toMatchObject({
      data: { content: { _errors: [{ code: 'BASE_TYPE_MAX_LENGTH' }] } },
    });
    expect(used.answered()).toBeUndefined();
  });
});

describe('the buttons of a message', () => {
  test('stay when an edit does not name them, and go with an empty list', async () => {
    const { channel, edit, id } = await withButton();
    await edit(id, { content: 'more' });
    expect(channel.buttons(id)).toHaveLength(1);
    await edit(id, { content: 'done', components: [] });
    expect(channel.buttons(id)).toEqual([]);
  });

  test('are five in a row in five rows, each with an id of its own; the mistake is named by its place', async () => {
    const { create, edit, id } = await withButton();
    const button = (index: number, more = {}) => ({ ...stop, custom_id: `b:${index}`, ...more });
    const row = (from: number, count: number) => ({
      type: 1,
      components: Array.from({ length: count }, (_, index) => button(from + index)),
    });
    const full = [0, 1, 2, 3, 4].map((index) => row(index * 5, 5));
    expect(await refused(create({ content: 'x', components: full }))).toBe('accepted');
    const wrong = async (components: object[]) => JSON.stringify(await mistakes(edit(id, { components })));
    expect(await wrong([...full, row(30, 1)])).toMatch(/^{"components":{"_errors":.*5 or fewer/);
    expect(await wrong([row(0, 6)])).toMatch(/"components":{"0":{"components":{"_errors".*between 1 and 5/);
    expect(await wrong([row(0, 0)])).toMatch('between 1 and 5');
    expect(await wrong(rows(button(0), button(0)))).toMatch(
      /"1":{"custom_id":{"_errors":\[{"code":"COMPONENT_CUSTOM_ID_DUPLICATED"/,
    );
    expect(await wrong(rows(button(0, { custom_id: undefined })))).toMatch(/custom_id.*BASE_TYPE_REQUIRED/);
    expect(await wrong(rows(button(0, { custom_id: 'x'.repeat(101) })))).toMatch('between 1 and 100');
    expect(await wrong(rows(button(0, { label: 'x'.repeat(81) })))).toMatch('80 or fewer');
  });
});

test('a command that is for some is used by them only', async () => {
  const { emulator, rest, guild, channel } = await inChannel();
  const needed = { name: 'settings', description: 'x', default_member_permissions: String(1 << 5) };
  await rest.put(Routes.applicationCommands(emulator.bot.user.id), { body: [needed] });
  const person = emulator.person({ name: 'Bo' });
  expect(() => channel.as(person).run('settings')).toThrow('bo may not use the command /settings');
  guild.allow(person, ['manageGuild']);
  expect(channel.as(person).run('settings').id).toMatch(/^\d+$/);
});
