import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createApp } from '../../../adapters/http/app.ts';
import type { Counter } from '../../../adapters/http/counter.ts';
import { env } from '../../../adapters/http/settings.ts';
import type { Tools } from '../../../adapters/platform.ts';
import { systemClock } from '../../../src/clock.ts';
import { createLogbook, type Logbook } from '../../support/logbook.ts';

const nobody = async () => expect.fail('nobody asks');
let log: Logbook;

/** A server that finds a session in this way. */
async function serveSession(session: Counter['session'], state: Counter['state'] = nobody) {
  const counter = {
    session,
    state,
    ask: nobody,
    check: nobody,
    clear: nobody,
    stop: nobody,
    isUnanswered: nobody,
  };
  const app = await createApp({
    settings: env.parse({}),
    counter,
    clock: systemClock,
    log,
    version: '0',
    desk: {} as Tools['desk'],
    coze: {} as Tools['coze'],
    health: nobody,
    metrics: nobody,
  });
  onTestFinished(() => app.close());
  return (url: string) => app.inject({ url, headers: { host: 'localhost' } });
}

beforeEach(() => {
  log = createLogbook();
});

describe('an error that nobody has refused on purpose', () => {
  test('is a defect when only our code makes it: 500, and the log knows the request', async () => {
    const get = await serveSession(async () => {
      throw new TypeError('x is not a function');
    });
    const response = await get('/session/s/info');
    const id = response.headers['x-request-id'];
    expect([response.statusCode, response.json()]).toEqual([
      500,
      { detail: expect.stringMatching(/^This is a defect of the bridge.* request [\w-]{36}\.$/) },
    ]);
    expect(response.json().detail).toContain(id);
    expect(response.body).not.toContain('not a function');
    expect(log.events()).toEqual(['error: a request failed: this is a defect of the bridge']);
    expect(log.text()).toContain(id);
  });

  test('is a defect when the answer is not as it is described', async () => {
    const session = { id: 's', owner: 'anybody', user: 'u', at: 0, messages: 1 };
    const state = async () => ({ conversationId: 5 as unknown as string, isAnswering: false });
    const get = await serveSession(async () => session, state);
    expect((await get('/session/s/info')).statusCode).toBe(500);
    expect(log.events()).toEqual(['error: a request failed: this is a defect of the bridge']);
  });

  test('is trouble that passes when it is of another kind: 503', async () => {
    const get = await serveSession(async () => {
      throw new Error('the store is away');
    });
    const response = await get('/session/s/info');
    expect([response.statusCode, response.json().detail]).toEqual([
      503,
      expect.stringMatching(/Try again later/),
    ]);
    expect(response.headers['retry-after']).toBe('10');
    expect(log.events()).toEqual(['error: a request failed']);
  });
});
