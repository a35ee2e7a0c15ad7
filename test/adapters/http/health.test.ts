import fastify from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { expect, test } from 'vitest';
import { healthRoute } from '../../../adapters/http/health.ts';
import { type Health, type ToldHealth, tell } from '../../../src/core/health.ts';
import { homes } from '../../bridge/stand.ts';
import type { BridgeProcess } from '../../support/bridge-process.ts';
import { serve } from './served.ts';

const healthIn = async (response: Response) => ({
  status: response.status,
  told: (await response.json()) as ToldHealth,
});

const metricsPortOf = (bridge: BridgeProcess): string =>
  /"port":(\d+),"msg":"health and metrics/.exec(bridge.log())?.[1] ?? '';

/** On a machine that has other things to do. */
const patient = { timeout: 10_000 };

const timeless = ({ timestamp: _, ...told }: ToldHealth) => told;

test('all of it is served, with 503 where it can do nothing and 200 where it can do something', async () => {
  const figures = { lines: 2, oldestAt: 1_700_000_000_000, deadLetters: 3, workers: 1 };
  const parts = [{ name: 'pigeon', state: 'deaf', reason: 'it is night' }] as const;
  const coze = { trouble: 'quota', since: 1_700_000_000_000 } as const;
  let health: Health = { at: 1_700_000_001_000, parts, figures, coze };
  const app = fastify().withTypeProvider<ZodTypeProvider>();
  app.setSerializerCompiler(serializerCompiler);
  healthRoute({ app, health: async () => health } as Parameters<typeof healthRoute>[0]);
  const degraded = await app.inject('/health');
  expect([degraded.statusCode, degraded.json()]).toEqual([200, tell(health)]);
  health = { ...health, figures: undefined };
  const away = await app.inject('/health');
  expect([away.statusCode, away.json()]).toEqual([503, tell(health)]);
});

test('the same is told at both addresses of a process, as the description of the API says', async () => {
  const bridge = await serve('embedded', { METRICS_PORT: '0' });
  await bridge.post('/chat', { message: 'hello' });
  const looked = async () => (await healthIn(await bridge.get('/health'))).told;
  await expect
    .poll(looked, patient)
    .toMatchObject({ coze: { since: expect.any(String) }, waiting_conversations: 0 });
  const told = await looked();
  const { told: other } = await healthIn(
    await fetch(`http://127.0.0.1:${metricsPortOf(bridge.gateway)}/health`),
  );
  expect(timeless(told)).toEqual(timeless(other));
  expect(told).toMatchObject({
    status: 'healthy',
    coze_client_status: 'initialized',
    coze: { status: 'initialized' },
    oldest_waiting_since: null,
    dead_letters: 0,
  });
  const { paths } = (await (await bridge.get('/openapi.json')).json()) as {
    paths: Record<string, { get: { responses: Record<string, { content: Record<string, unknown> }> } }>;
  };
  for (const status of ['200', '503'])
    expect(paths['/health']?.get.responses[status]?.content['application/json']).toMatchObject({
      schema: { properties: Object.fromEntries(Object.keys(told).map((key) => [key, {}])) },
    });
});

test('what waits is told, and since when', async () => {
  const bridge = await serve('embedded');
  bridge.coze.answer({ steps: [{ say: ['One. '] }, { waitMs: 3_000 }, { say: ['Two.'] }] });
  const before = Date.now();
  const answered = bridge.post('/chat', { message: 'hello' });
  await expect.poll(() => bridge.questions().length, patient).toBe(1);
  const { told } = await healthIn(await bridge.get('/health'));
  expect(told).toMatchObject({ status: 'healthy', waiting_conversations: 1, dead_letters: 0 });
  const since = Date.parse(told.oldest_waiting_since ?? '');
  expect(since).toBeGreaterThanOrEqual(before);
  expect(since).toBeLessThanOrEqual(Date.parse(told.timestamp));
  expect((await answered).status).toBe(200);
});

test.skipIf(homes.length < 2)('a gateway tells how the worker finds Coze', { timeout: 60_000 }, async () => {
  const refused = 'pat_NobodyKnowsThisOne';
  const bridge = await serve('redis', { COZE_API_TOKEN: refused, METRICS_PORT: '0' });
  const looked = async () => healthIn(await bridge.get('/health'));
  await expect.poll(looked, patient).toMatchObject({
    status: 200,
    told: { status: 'healthy', coze: { status: 'initialized' } },
  });
  const before = Date.now();
  expect((await bridge.post('/chat', { message: 'hello' })).status).toBe(503);
  const failing = {
    status: 'degraded',
    coze_client_status: 'failing',
    coze: { status: 'failing', reason: 'the token is not accepted' },
  };
  await expect.poll(looked, patient).toMatchObject({ status: 200, told: failing });
  const { told } = await looked();
  expect(Date.parse(told.coze.since ?? '')).toBeGreaterThanOrEqual(before);
  const ofWorker = await fetch(`http://127.0.0.1:${metricsPortOf(bridge.worker)}/health`);
  expect((await healthIn(ofWorker)).told).toMatchObject(failing);

  await bridge.worker.stop();
  await bridge.launch({ TELEGRAM_BOT_TOKEN: '', TELEGRAM_API_ROOT: '', ROLE: 'worker' });
  expect((await looked()).told).toMatchObject(failing);
  expect((await bridge.post('/chat', { message: 'hello again' })).status).toBe(200);
  await expect.poll(looked, patient).toMatchObject({
    status: 200,
    told: { status: 'healthy', coze_client_status: 'initialized', coze: { status: 'initialized' } },
  });
  expect((await looked()).told.coze.reason).toBeUndefined();
});
