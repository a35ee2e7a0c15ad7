import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { madeAt } from '../../../adapters/discord/snowflake.ts';
import type { InboundMessage } from '../../../src/core/message.ts';
import { createNotes } from '../../support/notes.ts';
import { heardBefore, route } from './gap.ts';
import { checkAndStop, startEmulator, startHearing } from './listening.ts';

afterEach(checkAndStop);

const texts = (heard: readonly InboundMessage[]) => heard.map(({ text }) => text);

describe('what was written while the bridge was away', () => {
  test('is heard when it is back, in order, as it would have been', async () => {
    const { emulator, channel, dm, restart } = await heardBefore();
    channel.say(`${emulator.mention} one`);
    channel.say('not for us');
    channel.say(`${emulator.mention} two`);
    dm.say('in private');
    const { heard, log } = await restart();
    await emulator.until(() => heard.length === 4);
    const inChannel = heard.filter(({ target }) => target.channel === channel.id);
    expect(inChannel.map(({ text, addressed }) => `${addressed}: ${text}`)).toEqual([
      'mention: one',
      'overheard: ',
      'mention: two',
    ]);
    expect(inChannel[0]?.target.replyTo).toBeDefined();
    expect(heard.find(({ target }) => target.channel === dm.id)).toMatchObject({
      text: 'in private',
      addressed: 'direct',
      target: { platform: 'discord', bot: emulator.bot.user.id, channel: dm.id },
    });
    await emulator.until(() => log.events().length > 0);
    expect(log.events()).toEqual(['info: messages that were written meanwhile have been looked up']);
  });

  test('is heard with the same id as live, and what was heard before is not heard again', async () => {
    const { emulator, channel, restart } = await heardBefore();
    const { id } = channel.say(`${emulator.mention} one`);
    const { heard } = await restart();
    await emulator.until(() => heard.length === 1);
    channel.say(`${emulator.mention} two`);
    await emulator.until(() => heard.length === 2);
    expect(heard[0]?.id).toBe(`discord:${emulator.bot.user.id}:${channel.id}:${id}`);
    expect(texts(heard)).toEqual(['one', 'two']);
  });

  test('in a thread in which the bot talks needs no mention', async () => {
    const emulator = await startEmulator({ privilegedIntents: ['messageContent'] });
    const notes = createNotes();
    const options = { emulator, notes, readsAll: true };
    const first = await startHearing(options);
    const thread = emulator.guild().channel().thread('Plans', { from: emulator.bot.user });
    thread.say('hello', { from: emulator.person() });
    await emulator.until(() => first.heard.length === 1);
    await first.stop();
    thread.say('and then?', { from: emulator.person() });
    const { heard } = await startHearing(options);
    await emulator.until(() => heard.length === 1);
    expect(heard[0]).toMatchObject({
      text: 'and then?',
      addressed: 'mention',
      target: { thread: thread.id },
    });
  });

  test('is heard of a channel where nothing was said before, if the server tells of it', async () => {
    const { emulator, restart, channel } = await heardBefore();
    const guild = emulator.guild();
    const quiet = guild.channel();
    const thread = quiet.thread('New');
    quiet.say(`${emulator.mention} in a quiet channel`);
    thread.say(`${emulator.mention} in a new thread`);
    const { heard } = await restart();
    await emulator.until(() => heard.length === 2);
    expect(texts(heard).sort()).toEqual(['in a new thread', 'in a quiet channel']);
    channel.say(`${emulator.mention} live`);
    await emulator.until(() => heard.length === 3);
  });

  test('is heard of such a channel too when nothing was ever said before', async () => {
    const notes = createNotes();
    const first = await startHearing({ notes });
    const { emulator, stop } = first;
    const channel = emulator.guild().channel();
    await stop();
    channel.say(`${emulator.mention} the first words`);
    const { heard } = await startHearing({ emulator, notes });
    await emulator.until(() => heard.length === 1);
    expect(texts(heard)).toEqual(['the first words']);
  });

  test('before a bridge listened for the first time is left alone', async () => {
    const emulator = await startEmulator();
    const channel = emulator.guild().channel();
    channel.say(`${emulator.mention} hello?`);
    const { heard } = await startHearing({ emulator });
    channel.say(`${emulator.mention} live`);
    await emulator.until(() => heard.length === 1);
    expect(texts(heard)).toEqual(['live']);
    expect(emulator.calls.filter((call) => call.route === route)).toEqual([]);
  });

  test('comes with when it was written, as missed, for it may be too old to be answered', async () => {
    const { emulator, dm, restart, asked } = await heardBefore();
    const { id } = dm.say('missed');
    const { heard } = await restart();
    // What is said while it is looked up may be found there.
    await emulator.until(() => heard.length === 1);
    dm.say('live');
    await emulator.until(() => heard.length === 2);
    expect(heard[0]).toMatchObject({ text: 'missed', isMissed: true, sentAt: madeAt(id) });
    expect(heard[1]).not.toHaveProperty('isMissed');
    await emulator.until(() => asked().length === 2);
  });

  test('by nobody’s fault but a bot’s counts as activity, and is not heard', async () => {
    const { emulator, channel, restart, asked } = await heardBefore();
    const { id } = channel.say('beep', { from: emulator.person({ isBot: true }) });
    const second = await restart();
    await emulator.until(() => asked().length === 2);
    // The last answer is still on its way.
    await sleep(100);
    await second.stop();
    expect(second.heard).toEqual([]);
    await restart();
    await emulator.until(() => asked().length === 4);
    expect(asked().filter(({ query }) => query.after === id)).toHaveLength(1);
  });

  test('is looked up after a session that could not be resumed too, and not after one that could', async () => {
    const { emulator, heard } = await startHearing({ notes: createNotes() });
    const dm = emulator.dm();
    dm.say('before');
    await emulator.until(() => heard.length === 1);
    emulator.gateway.drop();
    dm.say('resumed');
    await emulator.until(() => heard.length === 2);
    expect(emulator.calls.filter((call) => call.route === route)).toEqual([]);
    emulator.gateway.invalidate();
    dm.say('missed');
    await emulator.until(() => heard.length === 3);
    expect(texts(heard)).toEqual(['before', 'resumed', 'missed']);
  });
});
