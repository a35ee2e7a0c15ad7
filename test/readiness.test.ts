import { beforeEach, describe, expect, test } from 'vitest';
import { createReadiness, type Readiness } from '../src/readiness.ts';
import { createFakeClock, type FakeClock } from './support/fake-clock.ts';
import { createLogbook, type Logbook } from './support/logbook.ts';

describe('readiness', () => {
  let clock: FakeClock;
  let log: Logbook;
  let stop: AbortController;
  let readiness: Readiness;
  beforeEach(() => {
    clock = createFakeClock(5_000);
    log = createLogbook();
    stop = new AbortController();
    readiness = createReadiness({
      parts: ['pigeon', 'crow'],
      clock,
      log,
      facts: (ended) => ({ role: 'all', ended }),
      stop: stop.signal,
    });
  });

  const parts = () => [readiness.part('pigeon'), readiness.part('crow')] as const;
  const stateOf = (name: string) => readiness.states().find((state) => state.name === name);

  test('is logged once all parts are ready, with what runs', () => {
    const [pigeon, crow] = parts();
    pigeon.ready();
    expect(log.events()).toEqual([]);
    crow.ready();
    crow.ready();
    expect(log.events()).toEqual(['info: ready']);
    expect(log.text()).toContain('{"role":"all","ended":[]}');
  });

  test('that is lost is one warning, with who and why, and one line when all is well again', async () => {
    const [pigeon, crow] = parts();
    pigeon.ready();
    crow.ready();
    pigeon.deaf('no answer for 90 s');
    pigeon.deaf('no answer for 120 s');
    await clock.advance(3_000);
    crow.deaf('the token was revoked');
    pigeon.ready();
    expect(log.events()).toEqual(['info: ready', 'warn: not ready', 'warn: not ready']);
    expect(log.text()).toContain('{"platform":"pigeon","reason":"no answer for 90 s"}');
    await clock.advance(1_000);
    crow.ready();
    expect(log.events().slice(3)).toEqual(['info: ready again']);
    expect(log.text()).toContain('{"afterMs":4000}');
  });

  test('may be wanting from the start, and comes as the first one then', () => {
    const [pigeon, crow] = parts();
    pigeon.deaf('cannot be reached');
    crow.ready();
    pigeon.ready();
    expect(log.events()).toEqual(['warn: not ready', 'info: ready']);
  });

  test('does not wait for a part that has ended and can be done without', () => {
    const lines: [string, object][] = [];
    const note = (fields: object, event: string) => void lines.push([event, fields]);
    const log = { debug: note, info: note, warn: note, error: note };
    const open = () =>
      createReadiness({
        parts: ['crow', 'page'],
        dispensable: ['page'],
        clock: createFakeClock(),
        log,
        facts: (ended) => ({ ended }),
        stop: new AbortController().signal,
      });
    const before = open();
    before.part('page').end('no port');
    expect(lines).toEqual([]);
    before.part('crow').ready();
    const after = open();
    after.part('crow').ready();
    after.part('page').end();
    expect(lines).toEqual([
      ['ready', { ended: ['page'] }],
      ['ready', { ended: ['page'] }],
    ]);
    expect(before.states()).toContainEqual(
      expect.objectContaining({ name: 'page', state: 'ended', reason: 'no port' }),
    );
    after.part('crow').end();
    expect(lines).toHaveLength(2);
  });

  test('never comes once a part has ended', () => {
    const [pigeon, crow] = parts();
    pigeon.ready();
    crow.end();
    crow.ready();
    expect(log.events()).toEqual([]);
    expect(stateOf('crow')?.state).toBe('ended');
  });

  test('is no matter for the log any more when the process is stopping', () => {
    const [pigeon, crow] = parts();
    pigeon.ready();
    stop.abort();
    crow.ready();
    pigeon.deaf('closed');
    expect(log.events()).toEqual([]);
  });

  test('can be asked for, part by part: what, why and since when', async () => {
    const [pigeon, crow] = parts();
    expect(stateOf('crow')).toEqual({ name: 'crow', state: 'starting', since: 5_000 });
    await clock.advance(1_000);
    pigeon.ready();
    crow.deaf('cannot be reached');
    await clock.advance(1_000);
    pigeon.ready();
    crow.deaf('refused');
    expect(readiness.states()).toEqual([
      { name: 'pigeon', state: 'ready', since: 6_000 },
      { name: 'crow', state: 'deaf', reason: 'refused', since: 6_000 },
    ]);
    crow.ready();
    expect(stateOf('crow')).toEqual({ name: 'crow', state: 'ready', since: 7_000 });
  });
});
