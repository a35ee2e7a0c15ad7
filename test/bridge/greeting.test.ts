import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createLaunchpad } from '../support/bridge-process.ts';

/** What a newcomer reads who has set nothing, or a port. */
async function greetingOf(port: string): Promise<{ greeting: string; log: string }> {
  const launchpad = createLaunchpad();
  onTestFinished(() => launchpad.clear());
  const bridge = launchpad.launch({ SERVER_PORT: port }, 'test/bridge/terminal-child.ts');
  await bridge.until(() => bridge.said().includes('Write something and press Enter'));
  return { greeting: bridge.said(), log: bridge.log() };
}

test('the terminal of the demo tells where the page is, once it is there', async () => {
  const { greeting, log } = await greetingOf('0');
  const [, address = 'none'] = /"address":"([^"]+)"/.exec(log) ?? [];
  expect(greeting).toContain(`This is the demo`);
  expect(greeting).toContain(`There is a page, too: ${address}\n`);
  expect((await fetch(address)).status).toBe(200);
});

test('and when the port is another program’s, that there is none, and what to do', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  const { greeting, log } = await greetingOf(String(port));
  expect(greeting).toMatch(/There is no page\. SERVER_PORT: another program has .* choose another port/);
  expect(greeting).not.toContain('http://');
  expect(log).toContain('adapter failed');
});
