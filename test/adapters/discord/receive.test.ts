import { afterEach, describe, expect, test } from 'vitest';
import type { InboundMessage } from '../../../src/core/message.ts';
import { checkAndStop, startEmulator, startHearing } from './listening.ts';

afterEach(checkAndStop);

const told = (heard: readonly InboundMessage[]) =>
  heard.map(({ text, addressed }) => `${addressed}: ${text}`);
const readsAll = () => startEmulator({ privilegedIntents: ['messageContent'] });

describe('hearing', () => {
  test('a mention in a channel, a reply and a DM, in their order, and who wrote them', async () => {
    const { emulator, heard } = await startHearing();
    const channel = emulator.guild().channel();
    channel.say('nice weather');
    const { id } = channel.say(`${emulator.mention} what is new?`);
    await emulator.until(() => heard.length === 2);
    emulator.dm(emulator.person({ name: 'Ada' })).say('hello');
    await emulator.until(() => heard.length === 3);
    expect(told(heard)).toEqual(['overheard: ', 'mention: what is new?', 'direct: hello']);
    expect(heard[1]?.target).toEqual({
      platform: 'discord',
      bot: emulator.bot.user.id,
      channel: channel.id,
      replyTo: id,
    });
    expect(heard[2]?.author.name).toBe('Ada');
  });

  test('a thread is known as one, also where a message does not tell the kind of its channel', async () => {
    for (const channelType of [true, false]) {
      const { emulator, heard } = await startHearing({ emulator: await startEmulator({ channelType }) });
      const thread = emulator.guild().channel().thread('Plans');
      thread.say(`${emulator.mention} hello`);
      await emulator.until(() => heard.length === 1);
      expect(heard[0]?.target).toMatchObject({ channel: thread.id, thread: thread.id });
    }
  });

  test('no bot, and not itself', async () => {
    const { emulator, heard } = await startHearing();
    const channel = emulator.guild().channel();
    channel.say(`${emulator.mention} hi`, { from: emulator.person({ isBot: true }) });
    channel.say(`${emulator.mention} hi`, { from: emulator.bot.user });
    channel.say(`${emulator.mention} hello`);
    await emulator.until(() => heard.length > 0);
    expect(told(heard)).toEqual(['mention: hello']);
  });

  test('what is attached is known by its kind', async () => {
    const { emulator, heard } = await startHearing();
    emulator.dm().say('', { attachments: [{ name: 'a.png', contentType: 'image/png' }] });
    await emulator.until(() => heard.length === 1);
    expect(heard[0]?.attachments).toEqual([{ kind: 'image' }]);
  });
});

describe('a thread in which the bot talks', () => {
  test('needs no mention, where it may read all; another thread does', async () => {
    const { emulator, heard } = await startHearing({ emulator: await readsAll(), readsAll: true });
    const channel = emulator.guild().channel();
    const [ours, other] = [channel.thread('Ours'), channel.thread('Other')];
    for (const text of ['before', `${emulator.mention} hello`, 'and then?']) ours.say(text);
    await emulator.until(() => heard.length === 3);
    other.say('private');
    await emulator.until(() => heard.length === 4);
    expect(told(heard)).toEqual([
      'overheard: before',
      'mention: hello',
      'mention: and then?',
      'overheard: private',
    ]);
  });

  test('is known by what the bot says there', async () => {
    const { emulator, heard } = await startHearing({ emulator: await readsAll(), readsAll: true });
    const thread = emulator.guild().channel().thread('Ours');
    thread.say('I was here before', { from: emulator.bot.user });
    thread.say('go on');
    await emulator.until(() => heard.length === 1);
    expect(told(heard)).toEqual(['mention: go on']);
  });

  test('is known after a restart too, by having been joined', async () => {
    const emulator = await readsAll();
    const thread = emulator.guild().channel().thread('Ours', { from: emulator.bot.user });
    const { heard } = await startHearing({ emulator, readsAll: true });
    thread.say('go on', { from: emulator.person() });
    await emulator.until(() => heard.length === 1);
    expect(told(heard)).toEqual(['mention: go on']);
  });

  test('needs one all the same where it may not', async () => {
    const { emulator, heard } = await startHearing();
    const thread = emulator.guild().channel().thread('Ours');
    thread.say(`${emulator.mention} hello`);
    thread.say('private');
    await emulator.until(() => heard.length === 2);
    expect(told(heard)).toEqual(['mention: hello', 'overheard: ']);
  });
});

describe('slash commands', () => {
  const registrations = (calls: readonly { method: string; route: string | undefined }[]) =>
    calls.filter(({ method, route }) => method === 'PUT' && route?.includes('/commands')).length;

  test('are registered when the bridge first starts, in two languages, for servers and DMs', async () => {
    const { emulator } = await startHearing();
    expect([...emulator.bot.commands.values()]).toMatchObject(
      ['reset', 'stop', 'help'].map((name) => ({
        name,
        contexts: [0, 1],
        description_localizations: {
          'en-US': expect.any(String),
          'zh-CN': expect.stringMatching(/\p{Script=Han}/u),
          'zh-TW': expect.stringMatching(/\p{Script=Han}/u),
        },
      })),
    );
    expect(registrations(emulator.calls)).toBe(1);
  });

  test('are not registered again unless they differ', async () => {
    const first = await startHearing();
    await first.stop();
    const second = await startHearing({ emulator: first.emulator });
    expect(registrations(first.emulator.calls)).toBe(1);
    await second.stop();
    const [one] = first.emulator.bot.commands.values();
    if (one) one.description = 'something else';
    await startHearing({ emulator: first.emulator });
    expect(registrations(first.emulator.calls)).toBe(2);
  });

  test('are promised an answer before they are delivered: in a server for one pair of eyes', async () => {
    const unpromised: string[] = [];
    const emulator = await startEmulator();
    const { heard } = await startHearing({
      emulator,
      deliver: async ({ text, target: { channel } }) => {
        if (!emulator.shown(channel).some(({ loading }) => loading)) unpromised.push(text);
      },
    });
    emulator.fault({ kind: 'delay', ms: 100, route: '/interactions/:interaction/:token/callback' }, 2);
    const person = emulator.person({ locale: 'zh-CN' });
    const guild = emulator.guild({ person });
    const channel = guild.channel();
    const [inServer, inPrivate] = [channel.run('reset'), emulator.dm(person).run('help')];
    await emulator.until(() => heard.length === 2);
    expect(told(heard).sort()).toEqual(['direct: /help', 'mention: /reset']);
    expect(unpromised).toEqual([]);
    expect(heard.find(({ text }) => text === '/reset')).toMatchObject({
      id: `discord:interaction:${inServer.id}`,
      author: { id: person.id, locale: 'zh-CN' },
      target: { channel: channel.id, token: `${emulator.bot.user.id}/${inServer.token}/ephemeral` },
    });
    expect([inServer, inPrivate].map((use) => use.answered()?.type)).toEqual([5, 5]);
    expect(emulator.shown(channel.id)).toMatchObject([{ loading: true, visibleTo: person.id }]);
  });

  test('are promised one whatever the store does, and say so when it fails', async () => {
    const deliver = async () => {
      throw new Error('connect ECONNREFUSED');
    };
    const { emulator, heard, log } = await startHearing({ deliver });
    const channel = emulator.guild().channel();
    channel.run('reset');
    await emulator.until(() => emulator.shown(channel.id)[0]?.loading === false);
    expect(emulator.shown(channel.id)).toMatchObject([{ content: expect.stringMatching(/try again/) }]);
    expect(heard).toEqual([]);
    expect(log.events()).toEqual(['error: a slash command could not be stored; whoever gave it is told']);
  });

  test('are promised one while messages wait for a store that is away', async () => {
    let isAway = true;
    const deliver = async () => {
      if (isAway) throw new Error('connect ECONNREFUSED');
    };
    const { emulator, heard, log } = await startHearing({ deliver });
    const dm = emulator.dm(emulator.person({ locale: 'zh-TW' }));
    dm.say('one');
    await emulator.until(() => log.events().length > 0);
    dm.run('reset');
    await emulator.until(() => /请/.test(emulator.shown(dm.id)[0]?.content ?? ''));
    isAway = false;
    await emulator.until(() => heard.length === 1);
    expect(told(heard)).toEqual(['direct: one']);
  });

  test('are carried out even when Discord does not take the promise', async () => {
    const { emulator, heard, log } = await startHearing();
    emulator.fault({ kind: 'refuse', code: 10_062, method: 'POST' });
    emulator.guild().channel().run('reset');
    await emulator.until(() => heard.length === 1);
    expect(log.events()).toEqual(['warn: a slash command could not be acknowledged']);
  });
});

test('the end leaves Discord, and waits for what is on its way into the store', async () => {
  let release: (() => void) | undefined;
  const deliver = () =>
    new Promise<void>((resolve) => {
      release = resolve;
    });
  const { emulator, heard, log, stop } = await startHearing({ deliver });
  emulator.dm().say('hi');
  await emulator.until(() => release !== undefined);
  let hasEnded = false;
  const ended = stop().then(() => {
    hasEnded = true;
  });
  await emulator.until(() => emulator.gateway.online() === 0);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(hasEnded).toBe(false);
  release?.();
  await ended;
  expect(told(heard)).toEqual(['direct: hi']);
  expect(log.events()).toEqual([]);
});
