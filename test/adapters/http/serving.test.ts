import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createStand, homes } from '../../bridge/stand.ts';
import { createLaunchpad } from '../../support/bridge-process.ts';
import { eventsIn } from '../../support/events-in.ts';
import { allIn, serve } from './served.ts';

test('a port that another program has is a clear error, and the end of a bridge with nothing else to hear', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const stand = await createStand('embedded');
  const launchpad = createLaunchpad();
  onTestFinished(async () => {
    other.close();
    await launchpad.clear();
    await stand.endAndInspect();
  });
  const { port } = other.address() as AddressInfo;
  const env = { ...stand.env, TELEGRAM_BOT_TOKEN: '', TELEGRAM_API_ROOT: '', SERVER_PORT: String(port) };
  const bridge = launchpad.launch(env);
  await bridge.until(() => bridge.log().includes('another program has'));
  expect(bridge.log()).toMatch(/SERVER_PORT: another program has 127\.0\.0\.1:\d+ .*choose another port/);
  bridge.endInput();
  expect(await bridge.stop()).toBe(1);
});

test('a port that another program has is no end where something else is heard, and health says why', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const stand = await createStand('embedded');
  onTestFinished(async () => {
    other.close();
    await stand.endAndInspect();
  });
  const { port } = other.address() as AddressInfo;
  const bridge = await stand.launch({ SERVER_PORT: String(port), METRICS_PORT: '0' });
  expect(bridge.log()).toMatch(/"platforms":\["telegram"\].*"msg":"ready"/);
  const [, shown] = /"port":(\d+),"msg":"health and metrics are here"/.exec(bridge.log()) ?? [];
  const health = await fetch(`http://127.0.0.1:${shown}/health`);
  const { status, parts } = (await health.json()) as { status: string; parts: object[] };
  expect(status).toBe('degraded');
  const reason = expect.stringMatching(/^SERVER_PORT: another program has/);
  expect(parts).toContainEqual({ name: 'http', state: 'ended', reason });
});

describe.each(homes)('on $home', ({ home }) => {
  test('a bridge that is told to end lets the answers that run come to their end', async () => {
    const bridge = await serve(home);
    bridge.coze.answer({ steps: [{ say: ['It begins. '] }, { waitMs: 1_500 }, { say: ['It ends.'] }] });
    const events = eventsIn(await bridge.post('/chat/stream', { message: 'hello' }));
    await events.next();
    const toldAt = Date.now();
    const ended = bridge.gateway.stop('SIGTERM');
    const rest = [];
    for await (const event of events) rest.push(event);
    expect(rest.at(-1)).toMatchObject({ type: 'complete', data: { full_content: 'It begins. It ends.' } });
    expect(await ended).toBe(0);
    // Not as long as a client would keep its connection.
    expect(Date.now() - toldAt).toBeLessThan(10_000);
  });

  test('two hundred clients at once are all answered, each with its own answer', async () => {
    const bridge = await serve(home, { SERVER_RATE_PER_MINUTE: '1000' }, { rateLimit: { perSecond: 1_000 } });
    bridge.coze.answer(({ text }) => ({ steps: [{ say: ['The answer ', 'to ', text, ' is this.'] }] }));
    const ask = async (nth: number) => {
      const heard = await allIn(await bridge.post('/chat/stream', { message: `question ${nth}` }));
      return heard.at(-1)?.data.full_content;
    };
    const numbers = Array.from({ length: 200 }, (_, nth) => nth);
    expect(await Promise.all(numbers.map(ask))).toEqual(
      numbers.map((nth) => `The answer to question ${nth} is this.`),
    );
    expect(bridge.questions()).toHaveLength(200);
  });
});
