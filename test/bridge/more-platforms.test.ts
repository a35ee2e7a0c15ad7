import { expect, onTestFinished, test } from 'vitest';
import { createLaunchpad } from '../support/bridge-process.ts';

test('the bridge runs with one platform more, and tells when one no longer hears', async () => {
  const launchpad = createLaunchpad();
  onTestFinished(() => launchpad.clear());
  const bridge = launchpad.launch(
    { COZE_API_TOKEN: 'pat_0123456789', COZE_BOT_ID: '7300000000000000001', PARROT_TOKEN: 'polly' },
    'test/bridge/parrot-child.ts',
  );
  await bridge.until(() => bridge.log().includes('ready again'));
  const lines = bridge
    .log()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toEqual([
    expect.objectContaining({ msg: 'ready', role: 'all', platforms: ['parrot'] }),
    expect.objectContaining({ msg: 'not ready', level: 40, platform: 'parrot', reason: 'it sleeps' }),
    expect.objectContaining({ msg: 'ready again', level: 30 }),
  ]);
  expect(await bridge.stop()).toBe(0);
});
