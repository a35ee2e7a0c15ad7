import {
  type ButtonInteraction,
  type ChatInputCommandInteraction,
  Events,
  MessageFlags,
  Routes,
} from 'discord.js';
import { describe, expect, test } from 'vitest';
import { frozenClock, inChannel, refused, startClient } from './discord-client.ts';

const reset = { name: 'reset', description: 'Forget this conversation' };

/** A bot with /reset and the gateway open, and a person who uses it. */
async function withCommand(options: Parameters<typeof inChannel>[0] = {}) {
  const all = await inChannel(options);
  const { emulator, rest, channel } = all;
  const application = emulator.bot.user.id;
  await rest.put(Routes.applicationCommands(application), { body: [reset] });
  const used = channel.run('reset');
  const answer = (body: object, query?: object) =>
    rest.post(Routes.interactionCallback(used.id, used.token), {
      body,
      auth: false,
      query: new URLSearchParams({ ...query }),
    });
  const reply = Routes.webhookMessage(application, used.token, '@original');
  const edit = (body: object, url: `/${string}` = reply) => rest.patch(url, { body, auth: false });
  const followUp = (body: object) =>
    rest.post(Routes.webhook(application, used.token), { body, auth: false });
  return { ...all, application, used, answer, reply, edit, followUp };
}

describe('a slash command, with discord.js unchanged', () => {
  test('is deferred, answered by an edit and followed up', async () => {
    const { emulator, rest, channel, shown } = await inChannel();
    await rest.put(Routes.applicationCommands(emulator.bot.user.id), { body: [reset] });
    const client = await startClient(emulator);
    const seen = new Promise<ChatInputCommandInteraction>((resolve) =>
      client.on(
        Events.InteractionCreate,
        (interaction) => interaction.isChatInputCommand() && resolve(interaction),
      ),
    );
    const person = emulator.person({ locale: 'zh-CN' });
    channel.say('I am here', { from: person });
    const used = channel.run('reset', { from: person, options: { hard: true } });
    const interaction = await seen;
    expect(interaction).toMatchObject({ commandName: 'reset', locale: 'zh-CN', channelId: channel.id });
    expect(interaction.user.id).toBe(person.id);
    expect(interaction.inGuild()).toBe(true);
    expect(interaction.options.get('hard')?.value).toBe(true);
    await interaction.deferReply();
    expect(shown()).toMatchObject([{ content: '', loading: true, interactionId: used.id }]);
    expect(used.answered()).toMatchObject({ type: 5 });
    await interaction.editReply('done');
    await interaction.followUp('and more');
    expect(shown()).toMatchObject([
      { content: 'done', loading: false, history: [{ content: '' }, { content: 'done' }] },
      { content: 'and more' },
    ]);
  });

  test('in a DM too, if it is for DMs; and an ephemeral answer is for one person only', async () => {
    const { emulator, rest, channel } = await inChannel();
    const dm = emulator.dm();
    const put = (contexts: number[]) =>
      rest.put(Routes.applicationCommands(emulator.bot.user.id), { body: [{ ...reset, contexts }] });
    await put([0]);
    expect(() => dm.run('reset')).toThrow('the command /reset is not for DMs');
    expect(() => dm.run('other')).toThrow('the bot has no command /other');
    await put([0, 1]);
    const client = await startClient(emulator);
    client.on(Events.InteractionCreate, async (interaction) => {
      if (interaction.isRepliable())
        await interaction.reply({ content: 'hush', flags: MessageFlags.Ephemeral });
    });
    dm.run('reset');
    const { id } = channel.run('reset');
    await emulator.until(() => emulator.shown(dm.id).length + emulator.shown(channel.id).length === 2);
    expect(emulator.shown(dm.id)).toMatchObject([{ content: 'hush', visibleTo: dm.person.id }]);
    const [hidden] = emulator.shown(channel.id);
    expect(hidden).toMatchObject({ interactionId: id, content: 'hush' });
    expect(hidden?.visibleTo).toBeDefined();
    expect(await rest.get(Routes.channelMessages(channel.id))).toEqual([]);
    const message = Routes.channelMessage(channel.id, hidden?.id ?? '');
    expect(await refused(rest.patch(message, { body: { content: 'x' } }))).toMatch('404 10008');
  });

  test('a button is acknowledged, and its message changed in place', async () => {
    const { emulator, channel, create, shown } = await inChannel();
    const button = { type: 2, style: 1, label: 'Stop', custom_id: 'stop' };
    const { id } = await create({ content: 'working', components: [{ type: 1, components: [button] }] });
    expect(() => channel.press(id, 'go')).toThrow(`message ${id} has no button with the custom id go`);
    const client = await startClient(emulator);
    const presses: ButtonInteraction[] = [];
    client.on(Events.InteractionCreate, (interaction) => {
      if (interaction.isButton()) presses.push(interaction);
    });
    channel.press(id, 'stop');
    await emulator.until(() => presses.length === 1);
    expect(presses[0]).toMatchObject({ customId: 'stop', message: { id, content: 'working' } });
    await presses[0]?.update({ content: 'stopped', components: [] });
    channel.press(
      (await create({ content: 'x', components: [{ type: 1, components: [button] }] })).id,
      'stop',
    );
    await emulator.until(() => presses.length === 2);
    await presses[1]?.deferUpdate();
    await presses[1]?.followUp('noted');
    expect(shown()).toMatchObject([
      { content: 'stopped', components: [] },
      { content: 'x' },
      { content: 'noted' },
    ]);
  });
});

describe('an interaction on the wire', () => {
  test('must be answered within 3 seconds, and once', async () => {
    const clock = frozenClock();
    const { answer, edit, followUp, channel, rest } = await withCommand({ now: clock.now });
    expect(await refused(edit({ content: 'early' }))).toBe('404 10015 Unknown Webhook');
    expect(await refused(followUp({ content: 'early' }))).toBe('404 10015 Unknown Webhook');
    clock.advance(3000);
    expect(await refused(answer({ type: 5 }))).toBe('accepted');
    expect(await refused(answer({ type: 5 }))).toBe('400 40060 Interaction has already been acknowledged.');
    const late = channel.run('reset');
    clock.advance(3001);
    const url = Routes.interactionCallback(late.id, late.token);
    expect(await refused(rest.post(url, { body: { type: 5 }, auth: false }))).toBe(
      '404 10062 Unknown interaction',
    );
    const unknown = Routes.interactionCallback(late.id, 'x');
    expect(await refused(rest.post(unknown, { body: { type: 5 }, auth: false }))).toMatch('404 10062');
  });

  test('can be edited for 15 minutes by its token, and by the bot after that', async () => {
    const clock = frozenClock();
    const { answer, edit, reply, rest, channel, shown } = await withCommand({ now: clock.now });
    await answer({ type: 4, data: { content: 'one' } });
    clock.advance(15 * 60_000);
    await edit({ content: 'two' });
    clock.advance(1);
    expect(await refused(edit({ content: 'three' }))).toBe('401 50027 Invalid Webhook Token');
    expect(await refused(rest.get(reply, { auth: false }))).toMatch('50027');
    const message = Routes.channelMessage(channel.id, shown()[0]?.id ?? '');
    await rest.patch(message, { body: { content: 'four' } });
    expect(shown()).toMatchObject([{ content: 'four' }]);
  });

  test('says what became of it when asked, and nothing otherwise', async () => {
    const { emulator, answer, channel, used } = await withCommand();
    expect(await answer({ type: 5, data: { flags: 64 } }, { with_response: 'true' })).toMatchObject({
      interaction: {
        id: used.id,
        type: 2,
        response_message_loading: true,
        response_message_ephemeral: true,
      },
      resource: { type: 5, message: { flags: 64 | 128 } },
    });
    const next = channel.run('reset');
    const url = Routes.interactionCallback(next.id, next.token);
    const raw = await fetch(`${emulator.url}/api/v10${url}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"type":5}',
    });
    expect(raw.status).toBe(204);
  });

  test('a follow-up takes the place of a deferred answer; others are messages of their own', async () => {
    const { answer, followUp, edit, shown, rest, reply, application, used } = await withCommand();
    await answer({ type: 5 });
    await followUp({ content: 'first' });
    const { id } = (await followUp({ content: 'second' })) as { id: string };
    const own = Routes.webhookMessage(application, used.token, id);
    await edit({ content: 'second, edited' }, own);
    expect(shown()).toMatchObject([{ content: 'first' }, { content: 'second, edited' }]);
    await rest.delete(own, { auth: false });
    await rest.delete(reply, { auth: false });
    expect(shown()).toMatchObject([{ deleted: true }, { deleted: true }]);
    expect(await refused(edit({ content: 'x' }))).toBe('404 10008 Unknown Message');
  });

  test('a nonce does nothing there and is noted; mentions call people as anywhere', async () => {
    const { emulator, answer, edit, followUp, shown } = await withCommand();
    await answer({ type: 4, data: { content: '@everyone', allowed_mentions: { parse: [] } } });
    const body = { content: 'x', nonce: '1', enforce_nonce: true };
    await followUp(body);
    await followUp(body);
    expect(shown()).toHaveLength(3);
    expect(emulator.calls.at(-1)?.unknownFields).toEqual(['nonce', 'enforce_nonce']);
    expect(emulator.pings()).toEqual([]);
    await edit({ content: '@everyone' });
    expect(emulator.pings()).toMatchObject([{ everyone: true, write: 'edit' }]);
  });

  test('its answer has the limits of a message, and a type that fits', async () => {
    const { answer, followUp, used } = await withCommand();
    expect(await refused(answer({ type: 6 }))).toMatch('400 50035');
    expect(await refused(answer({ type: 4, data: { content: 'x'.repeat(2001) } }))).toMatch('400 50035');
    expect(await refused(answer({ type: 4, data: {} }))).toMatch('400 50006');
    expect(used.answered()).toBeUndefined();
    await answer({ type: 4, data: { content: 'x' } });
    expect(await refused(followUp({ content: '' }))).toMatch('400 50006');
  });
});
