import { describe, expect, test } from 'vitest';
import { createBudget } from '../src/core/budget.ts';
import { RateLimited } from '../src/core/errors.ts';
import type { Health } from '../src/core/health.ts';
import type { MailFigures } from '../src/core/ports/figures.ts';
import type { TurnReport } from '../src/core/turn-report.ts';
import { createMetrics } from '../src/metrics.ts';
import { createFakeClock } from './support/fake-clock.ts';
import { createFakePlatform, target } from './support/fake-platform.ts';
import { samplesIn } from './support/metrics.ts';

const clock = createFakeClock(1_000_000);
const empty: MailFigures = { lines: 0, oldestAt: undefined, deadLetters: 0, workers: 1 };

function observe(
  look: () => Promise<MailFigures | undefined> = async () => empty,
  parts: Health['parts'] = [],
) {
  const metrics = createMetrics({ clock, look, parts: () => parts });
  return { ...metrics, samples: async () => samplesIn((await metrics.read()).text) };
}

const report: TurnReport = {
  outcome: 'answered',
  chat: { conversationId: 'secret conversation', chatId: 'secret chat' },
  logid: 'secret logid',
  usage: { total: 30, input: 20, output: 10 },
  followUps: ['a secret?'],
  failure: undefined,
  writes: 7,
  askedMs: 4,
  firstTextMs: 700,
  firstPaintMs: 900,
  mostBehindMs: 1_100,
  tookMs: 12_000,
};

describe('metrics', () => {
  test('come in the format OpenMetrics, with those of the process', async () => {
    const { contentType, text } = await observe().read();
    expect(contentType).toMatch('application/openmetrics-text; version=1.0.0');
    expect(text).toMatch(/# EOF\n$/);
    expect(samplesIn(text)).toMatchObject({
      process_resident_memory_bytes: expect.any(Number),
      nodejs_eventloop_lag_p99_seconds: expect.any(Number),
    });
  });

  test('of a turn are how it ended, its tokens, and in seconds how long it took', async () => {
    const { watch, samples } = observe();
    watch({ platform: 'pigeon', outcome: 'answered', report });
    watch({ platform: 'pigeon', outcome: 'answered', report });
    expect(await samples()).toMatchObject({
      'coze_bridge_turns_total{platform="pigeon",outcome="answered"}': 2,
      'coze_bridge_tokens_total{platform="pigeon",direction="input"}': 40,
      'coze_bridge_tokens_total{platform="pigeon",direction="output"}': 20,
      'coze_bridge_turn_asked_seconds_bucket{le="0.005",platform="pigeon"}': 2,
      'coze_bridge_turn_asked_seconds_sum{platform="pigeon"}': 0.008,
      'coze_bridge_turn_first_text_seconds_sum{platform="pigeon"}': 1.4,
      'coze_bridge_turn_first_paint_seconds_sum{platform="pigeon"}': 1.8,
      'coze_bridge_turn_staleness_seconds_sum{platform="pigeon"}': 2.2,
      'coze_bridge_turn_whole_seconds_count{platform="pigeon"}': 2,
      'coze_bridge_turn_whole_seconds_sum{platform="pigeon"}': 24,
    });
  });

  test('tell of what failed why, and of what was no question only that it was', async () => {
    const { watch, samples } = observe();
    const failure = { kind: 'quota', retryable: false } as const;
    const failed: TurnReport = { ...report, outcome: 'failed', usage: undefined, failure };
    watch({ platform: 'pigeon', outcome: 'failed', report: failed });
    watch({ platform: 'pigeon', outcome: 'dead letter' });
    watch({ platform: 'crow', outcome: 'help' });
    const all = await samples();
    expect(all).toMatchObject({
      'coze_bridge_turns_total{platform="pigeon",outcome="failed"}': 1,
      'coze_bridge_turns_total{platform="pigeon",outcome="dead letter"}': 1,
      'coze_bridge_turns_total{platform="crow",outcome="help"}': 1,
      'coze_bridge_coze_failures_total{platform="pigeon",failure="quota"}': 1,
    });
    expect(Object.keys(all).filter((name) => /turn_whole.*pigeon|seconds.*crow/.test(name))).toEqual([]);
  });

  test('do not take the rest of an answer, which was all that was left to do, for all of it', async () => {
    const { watch, samples } = observe();
    watch({ platform: 'pigeon', outcome: 'answered', report: { ...report, askedMs: undefined } });
    expect(Object.keys(await samples()).filter((name) => name.includes('turn_whole'))).toEqual([]);
  });

  test('hold no id and no text', async () => {
    const { watch, read } = observe();
    watch({ platform: 'pigeon', outcome: 'answered', report });
    expect((await read()).text).not.toContain('secret');
  });

  test('of the store are read when they are asked for, and are missing while it is away', async () => {
    let figures: MailFigures | undefined = { lines: 3, oldestAt: 940_000, deadLetters: 2, workers: 1 };
    const { samples } = observe(async () => figures);
    const ofStore = async () =>
      Object.entries(await samples()).filter(([name]) => /waiting|oldest|dead_letters|workers/.test(name));
    const told = [
      ['coze_bridge_waiting_conversations', 3],
      ['coze_bridge_oldest_message_age_seconds', 60],
      ['coze_bridge_dead_letters', 2],
      ['coze_bridge_workers', 1],
    ];
    expect(await ofStore()).toEqual(told);
    figures = undefined;
    expect(await ofStore()).toEqual([]);
    figures = { lines: 1, oldestAt: 1_005_000, deadLetters: 0, workers: 1 };
    expect(await ofStore()).toEqual([
      ['coze_bridge_waiting_conversations', 1],
      // The platform's clock is ahead of ours.
      ['coze_bridge_oldest_message_age_seconds', 0],
      ['coze_bridge_dead_letters', 0],
      ['coze_bridge_workers', 1],
    ]);
  });

  test('tell which parts of the process work', async () => {
    const { samples } = observe(undefined, [
      { name: 'pigeon', state: 'ready' },
      { name: 'crow', state: 'deaf', reason: 'it is night' },
    ]);
    expect(await samples()).toMatchObject({
      'coze_bridge_part_ready{part="pigeon"}': 1,
      'coze_bridge_part_ready{part="crow"}': 0,
    });
  });
});

describe('calls to a platform', () => {
  test('are counted when they are done, and when they were one too many', async () => {
    const { countCalls, samples } = observe();
    const platform = createFakePlatform(clock);
    const sender = countCalls(platform.sender);
    const ref = await sender.post(target, { text: 'one' });
    await sender.edit(ref, { text: 'two' });
    await sender.edit(ref, { text: 'three' });
    platform.failNext(new RateLimited(1_000));
    await expect(sender.edit(ref, { text: 'four' })).rejects.toThrow(RateLimited);
    // The library knew: the platform was not troubled.
    platform.failNext(new RateLimited(1_000, 'channel', true));
    await expect(sender.edit(ref, { text: 'four' })).rejects.toThrow(RateLimited);
    platform.failNext(new Error('broken'));
    await expect(sender.remove?.(ref)).rejects.toThrow('broken');
    await sender.showTyping?.(target);
    await sender.clearButtons?.(ref);
    const writes = Object.entries(await samples()).filter(([name]) => /writes|rate_limited/.test(name));
    expect(Object.fromEntries(writes)).toEqual({
      'coze_bridge_writes_total{platform="fake",call="post"}': 1,
      'coze_bridge_writes_total{platform="fake",call="edit"}': 2,
      'coze_bridge_writes_total{platform="fake",call="typing"}': 1,
      'coze_bridge_writes_total{platform="fake",call="buttons"}': 1,
      'coze_bridge_rate_limited_total{platform="fake"}': 1,
    });
  });

  test('that a platform does not know are not there', () => {
    const { showTyping: _, remove: __, ...plain } = createFakePlatform(clock).sender;
    const sender = observe().countCalls(plain);
    expect(Object.keys(sender).sort()).toEqual(Object.keys(plain).sort());
  });

  test('that the budget refuses are counted by what they were for', async () => {
    const { countRefusals, samples } = observe();
    const budget = countRefusals(createBudget({ clock }));
    const pace = {
      refillPerSecond: 1,
      burst: 1,
      reserve: 0,
      minIntervalMs: 1,
      maxIntervalMs: 1,
      growth: 1,
      typingEveryMs: 1,
    };
    const draw = { place: target, pace, purpose: 'preview' as const, answer: 'a' };
    expect(await budget.draw(draw)).toBe(0);
    expect(await budget.draw(draw)).toBeGreaterThan(0);
    expect(await samples()).toMatchObject({
      'coze_bridge_budget_refusals_total{platform="fake",purpose="preview"}': 1,
    });
  });
});
