import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createLaunchpad } from '../support/bridge-process.ts';
import { freePort } from '../support/free-port.ts';

const main = 'emulators/main.ts';

function launch(...args: string[]) {
  const launchpad = createLaunchpad();
  onTestFinished(() => launchpad.clear());
  return launchpad.launch({}, main, ...args);
}

test('the emulators begin at the port that is asked for', async () => {
  const port = await freePort();
  const emulators = launch('--port', String(port));
  await emulators.until(() => emulators.said().includes('npm start'));
  for (const nth of [0, 1, 2]) expect(emulators.said()).toContain(`127.0.0.1:${port + nth}`);
});

test('a port that is taken is named, with the way out', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  const emulators = launch('--port', String(port));
  expect(await emulators.ended()).toBe(1);
  expect(emulators.log()).toMatch(new RegExp(`ports ${port} to ${port + 2}, .*--port N.*EADDRINUSE`));
});

test.each([
  [['--help'], 0],
  [['--port', 'x'], 1],
  [['--prot', '1'], 1],
] as const)('%s says how it is called', async (args, status) => {
  const emulators = launch(...args);
  expect(await emulators.ended()).toBe(status);
  expect(emulators.log() + emulators.said()).toContain('npm run emulators -- --port N');
});
