import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Health, tell } from '../src/core/health.ts';
import { openMetricsServer } from '../src/metrics-server.ts';
import { freePort } from './support/free-port.ts';
import { createLogbook } from './support/logbook.ts';

const well: Health = {
  at: 1_700_000_000_000,
  parts: [{ name: 'mailbox', state: 'ready' }],
  figures: { lines: 2, oldestAt: undefined, deadLetters: 0, workers: 1 },
  coze: undefined,
};

async function serve(health: () => Promise<Health> = async () => well) {
  const over = new AbortController();
  onTestFinished(() => over.abort());
  const log = createLogbook();
  const port = await freePort();
  const metrics = async () => ({ contentType: 'text/of-metrics', text: 'one 1\n' });
  await openMetricsServer({ host: '127.0.0.1', port, health, metrics, log, over: over.signal });
  return { over, log, port, get: (path: string) => fetch(`http://127.0.0.1:${port}${path}`) };
}

describe('the metrics server', () => {
  test('serves metrics and health without a key, and nothing else', async () => {
    const { get } = await serve();
    const metrics = await get('/metrics?from=prometheus');
    expect([metrics.status, metrics.headers.get('content-type')]).toEqual([200, 'text/of-metrics']);
    expect(await metrics.text()).toBe('one 1\n');
    const health = await get('/health');
    expect(health.status).toBe(200);
    expect(await health.json()).toEqual(tell(well));
    expect((await get('/')).status).toBe(404);
  });

  test('says 503 while the store is away, and 200 while only a platform is not heard', async () => {
    const { get } = await serve(async () => ({ ...well, figures: undefined }));
    const away = await get('/health');
    expect(away.status).toBe(503);
    expect(await away.json()).toMatchObject({ status: 'unhealthy', store: 'away' });
    const parts = [{ name: 'pigeon', state: 'deaf', reason: 'it is night' }] as const;
    const { get: look } = await serve(async () => ({ ...well, parts }));
    const deaf = await look('/health');
    expect(deaf.status).toBe(200);
    expect(await deaf.json()).toMatchObject({ status: 'degraded', parts });
  });

  test('answers 500, and lives on, when something of ours is broken', async () => {
    let isBroken = true;
    const { get } = await serve(async () => {
      if (isBroken) throw new Error('a secret');
      return well;
    });
    const response = await get('/health');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    isBroken = false;
    expect((await get('/health')).status).toBe(200);
  });

  test('hangs up and is gone when it is over', async () => {
    const { over, get } = await serve();
    await get('/health');
    over.abort();
    await expect(get('/health')).rejects.toThrow();
  });

  test.each([
    ['127.0.0.1', /^METRICS_PORT: another program has 127.0.0.1:\d+/],
    ['192.0.2.1', /^METRICS_HOST: this machine has no address 192.0.2.1/],
  ])('says what to do when it cannot listen at %s', async (host, words) => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const over = new AbortController().signal;
    const metrics = async () => ({ contentType: '', text: '' });
    const opened = openMetricsServer({
      host,
      port,
      health: async () => well,
      metrics,
      log: createLogbook(),
      over,
    });
    await expect(opened).rejects.toThrow(words);
  });
});
