import { expect, test } from 'vitest';
import { createBudget } from '../src/core/budget.ts';
import { tellOfSilences } from '../src/silences.ts';
import { createFakeClock } from './support/fake-clock.ts';

const place = { platform: 'fake', bot: 'secret bot', channel: 'secret channel' };

test('a silence that a platform asks for is told of, without where', async () => {
  const lines: object[] = [];
  const log = (level: string) => (fields: object, event: string) =>
    void lines.push({ level, ...fields, event });
  const logs = { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
  const budget = tellOfSilences(createBudget({ clock: createFakeClock() }), logs);
  await budget.block(place, { retryAfterMs: 35_000, scope: undefined });
  await budget.block(place, { retryAfterMs: 500, scope: 'channel', foreseen: true });
  expect(lines).toMatchObject([
    { level: 'warn', platform: 'fake', retryAfterMs: 35_000 },
    { level: 'debug', platform: 'fake', retryAfterMs: 500, scope: 'channel' },
  ]);
  expect(JSON.stringify(lines)).not.toContain('secret');
  const pace = { refillPerSecond: 1, burst: 3, reserve: 1, minIntervalMs: 1, maxIntervalMs: 1, growth: 1 };
  const draw = { place, pace: { ...pace, typingEveryMs: 1 }, purpose: 'final' as const, answer: 'a' };
  expect(await budget.draw(draw)).toBeGreaterThan(30_000);
});
