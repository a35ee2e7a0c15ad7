import { describe, expect, test } from 'vitest';
import { CozeFailed, Postponed, Unreachable } from '../../src/core/errors.ts';
import type { TurnRecord } from '../../src/core/ports/store.ts';
import { created, text } from '../support/fake-coze.ts';
import { inbound } from '../support/fake-platform.ts';
import { createDelivery } from '../support/fake-store.ts';
import { createTurnRig } from '../support/turn-rig.ts';

const unreachable = () => new CozeFailed({ kind: 'busy', retryable: true, isAway: true });

/** Attempts, each after the wait that the one before asked for, until one is not postponed. */
async function attempts(rig: ReturnType<typeof createTurnRig>, most = 20) {
  const waits: number[] = [];
  let record: TurnRecord | undefined;
  for (let nth = 0; nth < most; nth++) {
    const delivery = createDelivery(inbound('hi'), { ...(record && { record }) });
    const error = await rig.turn(delivery).catch((caught: unknown) => caught);
    record = delivery.notes.at(-1) ?? record;
    if (!(error instanceof Postponed)) return { waits, end: error, record };
    waits.push(error.waitMs);
    await rig.clock.advance(error.waitMs);
  }
  return { waits, end: undefined, record };
}

describe('while Coze is away', () => {
  test('the turn is postponed, longer each time, and answered when Coze is back', async () => {
    const rig = createTurnRig();
    for (let times = 0; times < 8; times++) rig.coze.next(unreachable());
    const { waits, end } = await attempts(rig);
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000, 15_000]);
    expect(end).toMatchObject({ outcome: 'answered' });
    expect(rig.platform.screen).toEqual(['You said hi.']);
  });

  test('the reader is told once, after ten seconds, in the message that the answer comes in', async () => {
    const rig = createTurnRig();
    for (let times = 0; times < 8; times++) rig.coze.next(unreachable());
    await attempts(rig);
    const told = rig.platform.writes.map(({ text }) => text);
    expect(told).toEqual([expect.stringMatching(/cannot be reached/), 'You said hi', 'You said hi.']);
    expect(rig.platform.screen).toEqual(['You said hi.']);
  });

  test('nobody is told of a short outage', async () => {
    const rig = createTurnRig();
    for (let times = 0; times < 3; times++) rig.coze.next(unreachable());
    await attempts(rig);
    expect(rig.platform.writes.map(({ text }) => text)).toEqual(['You said hi.']);
  });

  test('it is a failure like any other after an hour', async () => {
    const rig = createTurnRig();
    for (let times = 0; times < 400; times++) rig.coze.next(unreachable());
    const begunAt = rig.clock.now();
    const { end } = await attempts(rig, 400);
    expect(end).toBeInstanceOf(CozeFailed);
    expect(rig.clock.now() - begunAt).toBeGreaterThanOrEqual(3_600_000);
  });

  test('what Coze itself refuses is not taken for that', async () => {
    const rig = createTurnRig();
    rig.coze.next(new CozeFailed({ kind: 'busy', retryable: true, code: 4013 }));
    expect((await attempts(rig)).end).toBeInstanceOf(CozeFailed);
  });
});

describe('while the platform is away', () => {
  const refuse = (rig: ReturnType<typeof createTurnRig>, times: number) => {
    for (let time = 0; time < times; time++) rig.platform.failNext(new Unreachable('502', 'no'));
  };

  test('an answer that grows is listened to, and shown when the platform is back', async () => {
    const rig = createTurnRig();
    refuse(rig, 4);
    const { waits } = await attempts(rig);
    expect(waits).toEqual([]);
    expect(rig.platform.screen).toEqual(['You said hi.']);
  });

  test('a whole answer is kept, postponed, and landed without another question', async () => {
    const rig = createTurnRig();
    refuse(rig, 12);
    const { waits, end } = await attempts(rig);
    expect(waits.length).toBeGreaterThan(0);
    expect(end).toMatchObject({ outcome: 'answered' });
    expect(rig.coze.asked).toHaveLength(1);
    expect(rig.coze.recovered).toEqual([]);
    expect(rig.platform.screen).toEqual(['You said hi.']);
  });

  test('it is tried at once when the answer is whole, whatever the wait', async () => {
    const rig = createTurnRig();
    const begunAt = rig.clock.now();
    // Five in a row: the next pause would be of sixteen seconds.
    refuse(rig, 5);
    let end = () => {};
    const isOver = new Promise<void>((resolve) => {
      end = resolve;
    });
    const { ask } = rig.coze;
    rig.coze.next(created('c1'), text('A sentence to be seen.'), {
      type: 'done',
      answer: { text: 'A sentence to be seen. Whole.' },
    });
    const coze = {
      ...rig.coze,
      async *ask(...to: Parameters<typeof ask>) {
        for await (const event of ask(...to)) {
          if (event.type === 'done') await isOver;
          yield event;
        }
      },
    };
    const turn = rig.turn(createDelivery(inbound('hi')), rig.platform.sender, { coze });
    void rig.clock.sleep(17_000).then(end);
    await turn;
    expect(rig.platform.screen).toEqual(['A sentence to be seen. Whole.']);
    expect((rig.platform.writes[0]?.at ?? 0) - begunAt).toBeLessThan(19_000);
  });
});
