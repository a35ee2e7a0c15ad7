import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { receiveByHttp } from '../../../adapters/http/receive.ts';
import { env } from '../../../adapters/http/settings.ts';
import type { Tools } from '../../../adapters/platform.ts';
import { systemClock } from '../../../src/clock.ts';
import { createLogbook } from '../../support/logbook.ts';

const nobody = async () => expect.fail('nobody asks');

/** Hears by HTTP until the test is over; `said`: what a person on the terminal would read of it, in order. */
function hear(port: string) {
  const said: string[] = [];
  const over = new AbortController();
  const tools = {
    clock: systemClock,
    log: createLogbook(),
    invite: (words: string) => void said.push(words),
    desk: {} as Tools['desk'],
    health: nobody,
    metrics: nobody,
  } as unknown as Tools;
  const heard = receiveByHttp(env.parse({ SERVER_PORT: port }), tools)(nobody, over.signal, () => {
    said.push('ready');
  });
  onTestFinished(async () => {
    over.abort();
    await heard.catch(() => undefined);
  });
  return { said, heard };
}

describe('who chats on this terminal', () => {
  test('is told the address of the page when it is one, with the port that it has', async () => {
    const { said } = hear('0');
    await expect.poll(() => said).toHaveLength(2);
    const [, url = ''] = /^There is a page, too: (http:\/\/127\.0\.0\.1:[1-9]\d*)$/.exec(said[0] ?? '') ?? [];
    expect(await (await fetch(url)).json()).toMatchObject({ status: 'running' });
    expect(said[1]).toBe('ready');
  });

  test('is not sent to the page of another program', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const { said, heard } = hear(String(port));
    await expect(heard).rejects.toThrow(/SERVER_PORT: another program has/);
    expect(said).toEqual([
      expect.stringMatching(/^There is no page\. SERVER_PORT: another program has .* choose another port/),
    ]);
    expect(said[0]).not.toContain('http://');
  });
});
