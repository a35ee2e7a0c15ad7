import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { InboundMessage } from '../../../src/core/message.ts';
import { heardBefore, route } from './gap.ts';
import { checkAndStop } from './listening.ts';

afterEach(checkAndStop);

const texts = (heard: readonly InboundMessage[]) => heard.map(({ text }) => text);

describe('looking up', () => {
  test('is tried again when Discord fails, and obeys its limits', async () => {
    const { emulator, dm, restart, asked } = await heardBefore();
    dm.say('missed');
    emulator.fault({ kind: 'drop', landed: false, method: 'GET', route });
    emulator.fault({ kind: 'limit', retryAfter: 1, scope: 'global', method: 'GET', route });
    const { heard } = await restart();
    await emulator.until(() => heard.length === 1);
    const limited = asked().findIndex(({ reply }) => reply?.status === 429);
    const [before, after] = [asked()[limited], asked()[limited + 1]];
    expect((after?.at ?? 0) - (before?.at ?? 0)).toBeGreaterThanOrEqual(1_000);
    expect(asked().filter(({ duringPenalty }) => duringPenalty)).toEqual([]);
  });

  test('stays far below the limit of all calls', async () => {
    const { emulator, restart, notes, asked } = await heardBefore();
    const guild = emulator.guild();
    for (let nth = 0; nth < 8; nth++)
      await notes.keep(
        `discord/seen/${emulator.bot.user.id}`,
        guild.channel().id,
        JSON.stringify({ last: guild.id, guild: guild.id, type: 0 }),
      );
    await restart();
    await emulator.until(() => asked().length === 10);
    const times = asked().map(({ at }) => at);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(800);
  });

  test('skips and forgets a channel that is gone, or may no longer be seen', async () => {
    const { emulator, channel, dm, restart, asked, notes } = await heardBefore();
    const closed = emulator.guild().channel();
    const second = await restart();
    closed.say(`${emulator.mention} hello`);
    await emulator.until(() => second.heard.length === 1);
    await second.stop();
    channel.close();
    closed.deny(['viewChannel']);
    dm.say('missed');
    const before = asked().length;
    const third = await restart();
    await emulator.until(() => third.heard.length === 1);
    await emulator.until(() => asked().length === before + 3);
    // The last answer is still on its way.
    await sleep(100);
    await third.stop();
    expect([...notes.kept.values()].filter((value) => value.includes('last'))).toHaveLength(1);
    const fourth = await restart();
    await emulator.until(() => asked().length === before + 4);
    expect(fourth.log.events()).toEqual([]);
  });

  test('of a very long gap looks at the newest messages, and tells that it leaves the others alone', async () => {
    const { emulator, dm, restart } = await heardBefore();
    for (let nth = 1; nth <= 450; nth++) dm.say(String(nth));
    const { heard, log } = await restart();
    await emulator.until(() => heard.length === 300);
    expect([heard[0]?.text, heard.at(-1)?.text]).toEqual(['151', '450']);
    await emulator.until(() => log.events().length === 2);
    expect(log.events()[1]).toMatch(/the oldest of it is left alone/);
  });

  test('of a long gap looks at all of it', async () => {
    const { emulator, dm, restart } = await heardBefore();
    for (let nth = 1; nth <= 250; nth++) dm.say(String(nth));
    const { heard } = await restart();
    await emulator.until(() => heard.length === 250);
    expect(texts(heard)).toEqual(Array.from({ length: 250 }, (_, index) => String(index + 1)));
  });
});
