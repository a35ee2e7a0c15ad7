import { describe, expect, test } from 'vitest';
import { type Health, statusOf, tell } from '../../src/core/health.ts';

const at = Date.parse('2026-01-02T03:04:05.678Z');
const since = Date.parse('2026-01-01T00:00:00.000Z');

const well: Health = {
  at,
  parts: [{ name: 'mailbox', state: 'ready' }],
  figures: { lines: 2, oldestAt: since, deadLetters: 3, workers: 1 },
  coze: { since },
};

describe('what is told of a process', () => {
  test('is what it is asked for, in one form', () => {
    expect(tell(well)).toEqual({
      status: 'healthy',
      timestamp: '2026-01-02T03:04:05.678Z',
      coze_client_status: 'initialized',
      coze: { status: 'initialized', since: '2026-01-01T00:00:00.000Z' },
      store: 'ready',
      parts: [{ name: 'mailbox', state: 'ready' }],
      waiting_conversations: 2,
      oldest_waiting_since: '2026-01-01T00:00:00.000Z',
      workers: 1,
      dead_letters: 3,
    });
  });

  test('says nothing against Coze before a question was put', () => {
    const told = tell({ ...well, coze: undefined });
    expect(told.coze).toEqual({ status: 'initialized' });
    expect(told.status).toBe('healthy');
  });

  test('has no oldest where nothing waits, and no figures while the store is away', () => {
    const figures = { lines: 0, oldestAt: undefined, deadLetters: 0, workers: 1 };
    expect(tell({ ...well, figures })).toMatchObject({
      waiting_conversations: 0,
      oldest_waiting_since: null,
      dead_letters: 0,
    });
    expect(tell({ ...well, figures: undefined })).toMatchObject({
      status: 'unhealthy',
      store: 'away',
      waiting_conversations: null,
      oldest_waiting_since: null,
      dead_letters: null,
    });
  });

  test('has of a part its name and state, and why it is not heard', () => {
    const parts = [
      { name: 'pigeon', state: 'deaf', reason: 'it is night', since },
      { name: 'owl', state: 'ready', since },
    ] as const;
    const told = tell({ ...well, parts });
    expect(told.status).toBe('degraded');
    expect(told.parts).toEqual([
      { name: 'pigeon', state: 'deaf', reason: 'it is night' },
      { name: 'owl', state: 'ready' },
    ]);
  });

  test.each([
    ['token', 'the token is not accepted'],
    ['config', 'the bot or the settings are not right'],
    ['quota', 'the quota is used up'],
    ['busy', 'Coze is busy'],
    ['away', 'Coze cannot be reached'],
  ] as const)('says that Coze is failing, why and since when: %s', (trouble, reason) => {
    expect(tell({ ...well, coze: { trouble, since } })).toMatchObject({
      status: 'degraded',
      coze_client_status: 'failing',
      coze: { status: 'failing', reason, since: '2026-01-01T00:00:00.000Z' },
      store: 'ready',
    });
  });

  test('only the store makes it unhealthy', () => {
    const coze = { trouble: 'away', since } as const;
    const parts = [{ name: 'pigeon', state: 'ended' }] as const;
    expect(statusOf({ ...well, coze, parts })).toBe('degraded');
    expect(statusOf({ ...well, figures: undefined })).toBe('unhealthy');
    const figures = { lines: 0, oldestAt: undefined, deadLetters: 0, workers: 0 };
    expect(statusOf({ ...well, figures })).toBe('degraded');
  });
});
