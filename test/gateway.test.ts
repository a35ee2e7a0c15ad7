import { beforeEach, describe, expect, test } from 'vitest';
import { controlKey } from '../src/core/addressing.ts';
import type { InboundMessage, ReplyTarget } from '../src/core/message.ts';
import type { Deliver } from '../src/core/ports/platform.ts';
import type { Interrupt } from '../src/core/ports/store.ts';
import { createGateway } from '../src/gateway.ts';
import { quietLog } from './contracts/quiet-log.ts';
import { createFakeClock } from './support/fake-clock.ts';
import { inbound } from './support/fake-platform.ts';
import { createFakeConversations } from './support/fake-store.ts';

let happened: (Interrupt | { put: string; text: string; remark?: string })[];
/** What waits in the mailbox, by key. */
let waiting: Map<string, InboundMessage>;
/** What was stopped there, by key. */
let stopped: string[];
let deliver: Deliver;
let broken: boolean;

beforeEach(() => {
  happened = [];
  broken = false;
  waiting = new Map();
  stopped = [];
  const mailbox: Parameters<typeof createGateway>[0]['mailbox'] = {
    async put(key: string, { text, remark }: InboundMessage) {
      if (broken) throw new Error('the store is away');
      happened.push({ put: key, text, ...(remark && { remark }) });
      return 'stored';
    },
    keys: async () => [...waiting.keys()],
    line: async (key) => [waiting.get(key)].flatMap((message) => message ?? []),
    count: async () => 0,
    join: async () => false,
    amend: async () => false,
    answered: async () => undefined,
    async stop(key, id) {
      stopped.push(key);
      return waiting.get(key)?.id === id;
    },
  };
  const interrupts = {
    send: async (interrupt: Interrupt) => void happened.push(interrupt),
    listen: () => {},
  };
  deliver = createGateway({
    mailbox,
    interrupts,
    conversations: createFakeConversations(),
    suggestions: { keep: async () => {}, find: async (turn) => (turn === 't1' ? ['And tomorrow?'] : []) },
    groupContext: 'personal',
    turnIdOf: (id) => `turn of ${id}`,
    answerWithinMs: 900_000,
    clock: createFakeClock(1),
    log: quietLog,
  });
});

describe('the gateway', () => {
  test('puts a message into the mailbox of its conversation', async () => {
    await deliver(inbound('hi'));
    expect(happened).toEqual([{ put: 'fake:b1:c1', text: 'hi' }]);
  });

  test('leaves out what it cannot bear, and fails for everything else', async () => {
    await expect(
      deliver({ ...inbound('hi'), attachments: [], author: null as never, text: '/stop' }),
    ).resolves.toBe(undefined);
    expect(happened).toEqual([]);
    broken = true;
    await expect(deliver(inbound('hi'))).rejects.toThrow('the store is away');
  });

  test('leaves alone what was said to somebody else', async () => {
    await deliver(inbound('hi', { addressed: 'overheard' }));
    await deliver(inbound('/reset', { addressed: 'overheard' }));
    expect(happened).toEqual([]);
  });

  test('gives commands a line of their own', async () => {
    await deliver(inbound('/help'));
    expect(happened).toEqual([{ put: controlKey('fake:b1:c1'), text: '/help' }]);
  });

  test('resets before anything written later is put', async () => {
    await deliver(inbound('/reset'));
    await deliver(inbound('hi'));
    expect(happened).toEqual([
      { key: 'fake:b1:c1', generation: 1 },
      { put: controlKey('fake:b1:c1'), text: '/reset' },
      { put: 'fake:b1:c1', text: 'hi' },
    ]);
  });

  test('a reset that is delivered twice resets once', async () => {
    await deliver(inbound('/reset'));
    await deliver(inbound('/reset'));
    expect(happened.filter((event) => 'generation' in event)).toEqual([
      { key: 'fake:b1:c1', generation: 1 },
      { key: 'fake:b1:c1', generation: 1 },
    ]);
  });

  test('lets the adapter know when the store is away', async () => {
    broken = true;
    await expect(deliver(inbound('hi'))).rejects.toThrow('the store is away');
  });
});

describe('a wish to stop', () => {
  const key = 'fake:b1:c1';
  const group: ReplyTarget = { platform: 'fake', bot: 'b1', channel: 'g1' };
  const inGroup = { target: group, addressed: 'mention' as const };
  const bob = { id: 'p2', name: 'Bob' };
  const running = (more: Partial<InboundMessage> = {}) => inbound('why?', more);
  const pressed = (data: string, more: Partial<InboundMessage> = {}) =>
    deliver(inbound('', { id: 'press', pressed: data, sentAt: 1, ...more }));

  test('reaches the answer that runs, whoever holds it, and its command is told so', async () => {
    waiting.set(key, running());
    await deliver(inbound('/stop', { sentAt: 1 }));
    expect(stopped).toEqual([key]);
    expect(happened).toEqual([
      { key, stop: 'fake:b1:c1:why?' },
      { put: controlKey(key), text: '/stop', remark: 'stopping' },
    ]);
  });

  test('with nothing to stop says so', async () => {
    await deliver(inbound('/stop'));
    expect(happened).toEqual([{ put: controlKey(key), text: '/stop', remark: 'nothing-to-stop' }]);
  });

  test('is not meant for what was asked after it: it may be brought twice', async () => {
    waiting.set(key, running({ sentAt: 2 }));
    await deliver(inbound('/stop', { sentAt: 1 }));
    expect(stopped).toEqual([]);
  });

  test('by a button is meant for its own answer alone', async () => {
    waiting.set(key, running());
    expect(await pressed('stop/turn of fake:b1:c1:older/p1')).toMatch(/no answer running/);
    expect(stopped).toEqual([]);
    expect(await pressed('stop/turn of fake:b1:c1:why?/p1')).toMatch(/Stopping/);
    expect(happened).toEqual([{ key, stop: 'fake:b1:c1:why?' }]);
  });

  test('by a draft has no more than its place', async () => {
    waiting.set(key, running());
    expect(await pressed('stop')).toMatch(/Stopping/);
  });

  test('is for the asker alone, and for who may decide for others', async () => {
    waiting.set('fake:b1:g1:person%3Dp1', running(inGroup));
    const data = 'stop/turn of fake:b1:c1:why?/p1';
    expect(await pressed(data, { ...inGroup, author: bob })).toMatch(/Only who asked/);
    expect(stopped).toEqual([]);
    expect(await pressed(data, { ...inGroup, author: { ...bob, isAdmin: true } })).toMatch(/Stopping/);
    expect(await pressed(data, inGroup)).toMatch(/Stopping/);
  });

  test('typed by an administrator it is meant for the answers of others, where they have none of their own', async () => {
    const others = ['p1', 'p3'].map((person) => `fake:b1:g1:person%3D${person}`);
    for (const other of others)
      waiting.set(other, running({ ...inGroup, author: { id: 'p1', name: 'Ada' } }));
    waiting.set('fake:b1:g2:person%3Dp1', running({ ...inGroup, target: { ...group, channel: 'g2' } }));
    await deliver(inbound('/stop', { ...inGroup, author: bob, sentAt: 1 }));
    expect(happened.at(-1)).toMatchObject({ remark: 'not-yours-to-stop' });
    expect(stopped).toEqual([]);
    await deliver(inbound('/stop', { ...inGroup, id: 's2', author: { ...bob, isAdmin: true }, sentAt: 1 }));
    expect(happened.at(-1)).toMatchObject({ remark: 'stopping' });
    expect(stopped).toEqual(others);
  });

  test('in a conversation that several share, too', async () => {
    const target = { ...group, thread: 't' };
    waiting.set('fake:b1:g1:thread%3Dt', running({ ...inGroup, target }));
    await deliver(inbound('/stop', { ...inGroup, target, author: bob, sentAt: 1 }));
    expect(happened.at(-1)).toMatchObject({ remark: 'not-yours-to-stop' });
    expect(stopped).toEqual([]);
  });

  test('is told in the language of who pressed', async () => {
    expect(await pressed('stop', { author: { ...bob, locale: 'zh-hans' } })).toMatch(/没有/);
  });
});

describe('a suggested question', () => {
  test('is asked by whoever pressed its button', async () => {
    await deliver(inbound('', { pressed: 'ask/t1/0', author: { id: 'p2', name: 'Bob' } }));
    expect(happened).toEqual([{ put: 'fake:b1:c1', text: 'And tomorrow?' }]);
  });

  test.each(['ask/t1/1', 'ask/gone/0'])('that is not kept any more is told of: %s', async (data) => {
    expect(await deliver(inbound('', { pressed: data }))).toMatch(/too old/);
    expect(happened).toEqual([]);
  });

  test.each(['', 'ask', 'ask/t1', 'ask/t1/x', 'ask/t1/12', 'ask/t1/0/', 'other/t1/0', '/'])(
    'data that is not ours is left alone: "%s"',
    async (data) => {
      expect(await deliver(inbound('', { pressed: data }))).toBeUndefined();
      expect(happened).toEqual([]);
    },
  );
});
