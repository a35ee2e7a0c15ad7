import { afterEach, describe, expect, test } from 'vitest';
import type { DiscordEmulator } from '../../../emulators/discord/emulator.ts';
import { askButton, stopButton } from '../../../src/core/buttons.ts';
import type { InboundMessage } from '../../../src/core/message.ts';
import type { Deliver } from '../../../src/core/ports/platform.ts';
import { checkAndStop, type Listening, startHearing } from './listening.ts';
import { createSender } from './sending.ts';

afterEach(checkAndStop);

const callback = '/interactions/:interaction/:token/callback';
const stop = stopButton('turn', '1', 'en').data;
const ask = askButton('turn', 0, 'Why?').data;
const buttons = [stopButton('turn', '1', 'en'), askButton('turn', 0, 'Why?')];

/** A message with buttons. */
async function show(emulator: DiscordEmulator, { id: channel }: { id: string }): Promise<string> {
  const target = { platform: 'discord', bot: emulator.bot.user.id, channel };
  return (await createSender({ emulator }).sender.post(target, { text: 'answer', buttons })).id;
}

const asides = ({ emulator }: Listening, { id }: { id: string }) =>
  emulator.shown(id).filter(({ visibleTo }) => visibleTo !== undefined);

const later = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe('a pressed button', () => {
  test('is heard, with who pressed it, what they may do, and where', async () => {
    const { emulator, heard, log } = await startHearing();
    const guild = emulator.guild();
    const channel = guild.channel();
    const message = await show(emulator, channel);
    const [chief, ada] = [emulator.person(), emulator.person({ name: 'Ada', locale: 'zh-CN' })];
    guild.allow(chief, ['manageMessages']);
    const uses = [ada, chief].map((from) => channel.press(message, stop, { from }));
    await emulator.until(() => uses.every((use) => use.answered()));
    expect(heard).toMatchObject([
      { id: `discord:interaction:${uses[0]?.id}`, author: { id: ada.id, name: 'Ada', locale: 'zh-CN' } },
      { author: { id: chief.id, isAdmin: true } },
    ]);
    expect(heard[0]).toMatchObject({ text: '', pressed: stop, addressed: 'mention' });
    expect(heard[0]?.author).not.toHaveProperty('isAdmin');
    expect(heard[0]?.target).toEqual({
      platform: 'discord',
      bot: emulator.bot.user.id,
      channel: channel.id,
      replyTo: message,
    });
    expect(uses.map((use) => use.answered()?.type)).toEqual([6, 6]);
    expect(emulator.shown(channel.id)).toHaveLength(1);
    expect(log.events()).toEqual([]);
  });

  test('in private, and in a thread', async () => {
    const { emulator, heard } = await startHearing();
    const dm = emulator.dm();
    const thread = emulator.guild().channel().thread('Plans');
    for (const place of [dm, thread]) place.press(await show(emulator, place), ask);
    await emulator.until(() => heard.length === 2);
    const byPlace = (id: string) => heard.find(({ target }) => target.channel === id);
    expect(byPlace(dm.id)).toMatchObject({ addressed: 'direct' });
    expect(byPlace(dm.id)?.target).not.toHaveProperty('replyTo');
    expect(byPlace(thread.id)?.target).toMatchObject({ thread: thread.id });
  });

  test('twice is one question, and acknowledged each time', async () => {
    const { emulator, heard } = await startHearing();
    const channel = emulator.guild().channel();
    const message = await show(emulator, channel);
    const uses = [ask, ask, stop, stop].map((data) => channel.press(message, data));
    await emulator.until(() => uses.every((use) => use.answered()));
    const ids = (data: string) =>
      new Set(heard.filter(({ pressed }) => pressed === data).map(({ id }) => id));
    expect(heard).toHaveLength(4);
    expect([ids(ask).size, ids(stop).size]).toEqual([1, 2]);
  });

  test('that is not ours is left alone', async () => {
    const { emulator, heard } = await startHearing();
    const dm = emulator.dm();
    const others = [{ label: 'Vote', data: 'vote/1' }];
    const target = { platform: 'discord', bot: emulator.bot.user.id, channel: dm.id };
    const { id } = await createSender({ emulator }).sender.post(target, { text: 'x', buttons: others });
    const use = dm.press(id, 'vote/1');
    dm.say('hello');
    await emulator.until(() => heard.length === 1);
    expect(heard[0]?.text).toBe('hello');
    expect(use.answered()).toBeUndefined();
  });
});

describe('whoever pressed it', () => {
  /** Presses the button in a server with a store that does this. */
  async function pressed(deliver: Deliver, data = stop, locale = 'en-US') {
    const listening = await startHearing({ deliver });
    const { emulator } = listening;
    const person = emulator.person({ locale });
    const channel = emulator.guild({ person }).channel();
    const use = channel.press(await show(emulator, channel), data);
    return { ...listening, listening, channel, person, use };
  }

  test('is told what there is to say, and nobody else', async () => {
    const { emulator, listening, channel, person, use } = await pressed(async () => 'Stopping.');
    await emulator.until(() => use.answered() !== undefined);
    expect(use.answered()?.type).toBe(4);
    expect(asides(listening, channel)).toMatchObject([{ content: 'Stopping.', visibleTo: person.id }]);
    expect(emulator.calls.at(-1)?.body).toMatchObject({ data: { allowed_mentions: { parse: [] } } });
  });

  test('is told later what takes longer, beside a sign that it was noticed', async () => {
    const deliver = () => later(300).then(() => 'Stopping.');
    const { emulator, listening, channel, person, use, waitsMs } = await pressed(deliver);
    await emulator.until(() => use.answered() !== undefined);
    expect(use.answered()?.type).toBe(6);
    expect(waitsMs).toContain(1_500);
    await emulator.until(() => asides(listening, channel).length === 1);
    expect(asides(listening, channel)).toMatchObject([{ content: 'Stopping.', visibleTo: person.id }]);
    expect(emulator.shown(channel.id)[0]?.content).toBe('answer');
  });

  test('is told that it did not work, in their language, when the store fails', async () => {
    for (const waitMs of [0, 300]) {
      const deliver = async () => {
        // No timer where it is to be at once: the adapter's own are a hundred times shorter here.
        if (waitMs > 0) await later(waitMs);
        throw new Error('connect ECONNREFUSED');
      };
      const { emulator, listening, channel, use, heard, log } = await pressed(deliver, ask, 'zh-TW');
      await emulator.until(() => asides(listening, channel).length === 1);
      expect(use.answered()?.type).toBe(waitMs === 0 ? 4 : 6);
      expect(asides(listening, channel)[0]?.content).toMatch(/请/);
      expect(heard).toEqual([]);
      expect(log.events()).toEqual([
        'error: a pressed button could not be stored; whoever pressed it is told',
      ]);
    }
  });

  test.each([
    { kind: 'refuse', status: 500 },
    { kind: 'drop', landed: false },
    { kind: 'drop', landed: true },
    { kind: 'limit', retryAfter: 0.5 },
  ] as const)('is told after trouble too: $kind', async (fault) => {
    const listening = await startHearing({ deliver: async () => 'Stopping.' });
    const { emulator, log } = listening;
    emulator.fault({ ...fault, route: callback });
    const dm = emulator.dm();
    const use = dm.press(await show(emulator, dm), stop);
    await emulator.until(() => use.answered() !== undefined);
    expect(asides(listening, dm).map(({ content }) => content)).toEqual(['Stopping.']);
    expect(log.events()).toEqual([]);
  });

  test('is not told what Discord does not take, and the wish is carried out all the same', async () => {
    const { emulator, heard, log } = await startHearing({ deliver: async () => 'Stopping.' });
    emulator.fault({ kind: 'refuse', code: 10_062, route: callback });
    const dm = emulator.dm();
    dm.press(await show(emulator, dm), stop);
    await emulator.until(() => log.events().length > 0);
    expect(heard).toHaveLength(1);
    expect(log.events()).toEqual(['warn: a pressed button could not be acknowledged']);
  });

  test('is not tried to be told when there is no time left', async () => {
    const { emulator, log, waitsMs } = await startHearing();
    emulator.fault({ kind: 'refuse', status: 500, route: callback }, 99);
    const dm = emulator.dm();
    dm.press(await show(emulator, dm), stop);
    await emulator.until(() => log.events().length > 0);
    expect(waitsMs.filter((ms) => ms !== 2_000)).toEqual([1_500, 100, 200, 400, 800, 1_600]);
  });
});

describe('while messages wait for a store that is slow', () => {
  test('a stop does not wait behind them, and a question does', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const deliver = async ({ text }: InboundMessage) => (text === 'slow' ? held : undefined);
    const { emulator, heard } = await startHearing({ deliver });
    const dm = emulator.dm();
    const message = await show(emulator, dm);
    dm.say('slow');
    const uses = [ask, stop].map((data) => dm.press(message, data));
    await emulator.until(() => uses.every((use) => use.answered()));
    expect(heard.map(({ pressed }) => pressed)).toEqual([stop]);
    release();
    await emulator.until(() => heard.length === 3);
    expect(heard.map(({ text, pressed }) => pressed ?? text)).toEqual([stop, 'slow', ask]);
  });

  test('the end waits for a press that is on its way into it', async () => {
    let release: (() => void) | undefined;
    const deliver = () =>
      new Promise<void>((resolve) => {
        release = resolve;
      });
    const { emulator, heard, stop: end } = await startHearing({ deliver });
    const dm = emulator.dm();
    const use = dm.press(await show(emulator, dm), stop);
    await emulator.until(() => release !== undefined);
    const ended = end();
    await emulator.until(() => use.answered() !== undefined);
    expect(heard).toEqual([]);
    release?.();
    await ended;
    expect(heard).toHaveLength(1);
  });
});

test('/stop tells who may decide for others', async () => {
  const { emulator, heard } = await startHearing();
  const guild = emulator.guild();
  const channel = guild.channel();
  const [chief, ada] = [emulator.person(), emulator.person()];
  guild.allow(chief);
  const uses = [ada, chief].map((from) => channel.run('stop', { from }));
  await emulator.until(() => heard.length === 2);
  const isAdmin = (id: string) => heard.find(({ author }) => author.id === id)?.author.isAdmin ?? false;
  expect([isAdmin(ada.id), isAdmin(chief.id)]).toEqual([false, true]);
  expect(heard[0]).toMatchObject({ text: '/stop', target: { token: expect.stringMatching(/\/ephemeral$/) } });
  expect(uses.map((use) => use.answered()?.type)).toEqual([5, 5]);
});
