import { afterEach, describe, expect, test } from 'vitest';
import type { InboundMessage } from '../../../src/core/message.ts';
import { heardBefore, route } from './gap.ts';
import { checkAndStop } from './listening.ts';
import { createSender } from './sending.ts';

afterEach(checkAndStop);

const texts = (heard: readonly InboundMessage[]) => heard.map(({ text }) => text);

describe('what comes live meanwhile', () => {
  test('waits until what was written before has been delivered, and is not delivered twice', async () => {
    const { emulator, channel, restart, dm } = await heardBefore();
    channel.say(`${emulator.mention} missed`);
    emulator.fault({ kind: 'delay', ms: 300, method: 'GET', route, channel: channel.id });
    const { heard } = await restart();
    channel.say(`${emulator.mention} live`);
    dm.say('elsewhere');
    await emulator.until(() => heard.length === 3);
    expect(texts(heard)).toEqual(['elsewhere', 'missed', 'live']);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(heard).toHaveLength(3);
  });

  test('waits in every channel until it is known which were active', async () => {
    const { emulator, notes, dm, restart } = await heardBefore();
    dm.say('missed');
    notes.isAway = true;
    const { heard } = await restart();
    dm.say('live');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(heard).toEqual([]);
    notes.isAway = false;
    await emulator.until(() => heard.length === 2);
    expect(texts(heard)).toEqual(['missed', 'live']);
  });

  test('from a button or a command does not wait; what changes with the order does', async () => {
    const { emulator, dm, restart } = await heardBefore();
    dm.say('missed');
    emulator.fault({ kind: 'delay', ms: 400, method: 'GET', route, channel: dm.id });
    const { heard } = await restart();
    dm.run('reset');
    dm.run('stop');
    await emulator.until(() => heard.length === 1);
    expect(texts(heard)).toEqual(['/stop']);
    await emulator.until(() => heard.length === 3);
    expect(texts(heard)).toEqual(['/stop', 'missed', '/reset']);
  });

  test('from a suggestion that is pressed does not wait', async () => {
    const { emulator, dm, restart } = await heardBefore();
    const target = { platform: 'discord', bot: emulator.bot.user.id, channel: dm.id };
    const buttons = [{ label: 'What next?', data: 'ask/turn/0' }];
    const { id } = await createSender({ emulator }).sender.post(target, { text: 'answer', buttons });
    dm.say('missed');
    emulator.fault({ kind: 'delay', ms: 400, method: 'GET', route, channel: dm.id });
    const { heard } = await restart();
    const use = dm.press(id, 'ask/turn/0');
    await emulator.until(() => use.answered() !== undefined);
    expect(heard.map(({ pressed }) => pressed)).toEqual(['ask/turn/0']);
    await emulator.until(() => heard.length === 2);
  });

  test('goes on when nothing can be looked up for long', async () => {
    const { emulator, dm, restart } = await heardBefore();
    dm.say('missed');
    emulator.fault({ kind: 'page', status: 502, method: 'GET', route }, 1_000);
    const { heard, log } = await restart({ limits: { patienceMs: 1_500 } });
    dm.say('live');
    await emulator.until(() => heard.length === 1);
    expect(texts(heard)).toEqual(['live']);
    await emulator.until(() => log.events().length === 1);
    expect(log.events()).toEqual([
      'warn: what was written meanwhile could not be looked up yet; trying again',
    ]);
    expect(log.text()).toContain('"channels":2');
  });
});
