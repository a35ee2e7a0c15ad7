import { describe, expect, test } from 'vitest';
import { frameOf } from '../../../adapters/discord/frame.ts';

const frame = (more: object) => ({ op: 0, t: 'MESSAGE_CREATE', s: 5, d: { id: '1' }, ...more });
const begun = {
  session_id: 'x',
  resume_gateway_url: 'wss://resume.test',
  guilds: [{ id: '1', unavailable: true }],
  v: 10,
};

test('what is as it should be stays as it is', () => {
  for (const sent of [
    frame({}),
    frame({ op: 10, d: { heartbeat_interval: 41_250 }, t: null, s: null }),
    frame({ op: 9, d: true, t: null, s: null }),
    frame({ t: 'READY', d: begun }),
    frame({ op: 11, d: null, t: null, s: null }),
  ])
    expect(frameOf(sent, false)).toEqual(sent);
});

test.each([null, undefined, 5, 'x', [], {}, { op: '0' }, { op: 1.5 }, [{ op: 0 }]])(
  '%j is no frame',
  (sent) => {
    expect(frameOf(sent, false)).toBeNull();
  },
);

describe('a HELLO', () => {
  test.each([
    null,
    undefined,
    {},
    { heartbeat_interval: 0 },
    { heartbeat_interval: 1e99 },
    { heartbeat_interval: '5' },
  ])('of %j is one with the usual interval', (d) => {
    expect(frameOf({ op: 10, d }, false)?.d).toEqual({ heartbeat_interval: 41_250 });
  });
});

test.each([null, undefined, 'true', 1, false])(
  'an invalid session is one that cannot be resumed, if it is %j',
  (d) => {
    expect(frameOf({ op: 9, d }, false)?.d).toBe(false);
  },
);

describe('a READY', () => {
  test('of a session without a name is none', () => {
    for (const d of [null, [], 'x', {}, { ...begun, session_id: 5 }])
      expect(frameOf(frame({ t: 'READY', d }), false)).toBeNull();
  });

  test('loses the address where nobody could be called, and servers without a name', () => {
    for (const resume_gateway_url of ['nowhere', 5, 'http://web.test', null])
      expect(frameOf(frame({ t: 'READY', d: { ...begun, resume_gateway_url } }), false)?.d).toMatchObject({
        session_id: 'x',
        resume_gateway_url: undefined,
      });
    for (const guilds of [null, 'x', { id: '1' }, [null, 5, {}]])
      expect(frameOf(frame({ t: 'READY', d: { ...begun, guilds } }), false)?.d).toMatchObject({ guilds: [] });
  });

  test('in the middle of a session is none, nor is a RESUMED or a HELLO', () => {
    expect(frameOf({ op: 10, d: { heartbeat_interval: 41_250 } }, true)).toBeNull();
    expect(frameOf(frame({ t: 'READY', d: begun }), true)).toBeNull();
    expect(frameOf(frame({ t: 'RESUMED' }), true)).toBeNull();
    expect(frameOf(frame({ t: 'RESUMED' }), false)).not.toBeNull();
  });
});

test('an event keeps its number, and none has the name of an emitter’s own', () => {
  for (const t of ['error', 'newListener', null, 5, '', 'MESSAGE CREATE'])
    expect(frameOf(frame({ t }), true)).toMatchObject({ s: 5, t: 'UNKNOWN' });
  for (const s of ['5', 1e99, null, Number.NaN]) expect(frameOf(frame({ s }), true)?.s).toBeNull();
});
