import { describe, expect, onTestFinished, test } from 'vitest';
import { notice } from '../../src/core/notices.ts';
import { maxAttempts } from '../../src/core/retry.ts';
import { createLaunchpad } from '../support/bridge-process.ts';
import { createStand, homes } from './stand.ts';

describe.each(homes)('on $home', ({ home }) => {
  test('a message that makes our own code throw is given up in words, and holds up nobody', async () => {
    const stand = await createStand(home);
    const launchpad = createLaunchpad();
    onTestFinished(async () => {
      await launchpad.clear();
      await stand.endAndInspect();
    });
    stand.coze.answer(({ text }) => ({ steps: [{ say: [`This is the answer to ${text}.`] }] }));
    const bridge = launchpad.launch(stand.env, 'test/bridge/poison-child.ts');
    await bridge.ready();
    const [chat, other] = [stand.telegram.privateChat(), stand.telegram.privateChat()];
    chat.say('poison');
    chat.say('bread');
    other.say('water');
    expect(await stand.texts(other, ([text]) => text?.includes('water'))).toHaveLength(1);
    const shown = await stand.texts(chat, (texts) => texts.at(-1)?.includes('bread'));
    expect(shown).toEqual([notice('broken', 'en'), 'This is the answer to bread.']);
    expect(stand.questions().map(({ text }) => text)).toEqual(
      expect.arrayContaining(['poison', 'bread', 'water']),
    );
    expect(stand.questions()).toHaveLength(3);
    const lines = bridge.log().split('\n').filter(Boolean);
    const failed = lines.map((line) => JSON.parse(line)).filter(({ err }) => err?.name === 'TypeError');
    expect(failed.map(({ outcome }) => outcome)).toEqual([
      ...Array<string>(maxAttempts).fill('again'),
      'dead letter',
    ]);
    for (const { err } of failed) expect(err.stack).toMatch(/ at .*poison-child\.ts:\d+/);
    expect(await bridge.stop()).toBe(0);
  });
});
