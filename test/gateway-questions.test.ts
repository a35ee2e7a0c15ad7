import { beforeEach, describe, expect, test } from 'vitest';
import { controlKey } from '../src/core/addressing.ts';
import { join } from '../src/core/joining.ts';
import type { InboundMessage } from '../src/core/message.ts';
import type { Deliver } from '../src/core/ports/platform.ts';
import type { Answered, Interrupt } from '../src/core/ports/store.ts';
import { createGateway } from '../src/gateway.ts';
import { createFakeClock, type FakeClock } from './support/fake-clock.ts';
import { inbound } from './support/fake-platform.ts';
import { createFakeConversations } from './support/fake-store.ts';
import { createLogbook } from './support/logbook.ts';

const key = 'fake:b1:c1';
const minute = 60_000;

let clock: FakeClock;
let lines: Map<string, InboundMessage[]>;
/** Those that were taken once. */
let inHand: Set<string>;
let answered: Answered | undefined;
let interrupts: Interrupt[];
let logbook: ReturnType<typeof createLogbook>;
let deliver: Deliver;

const line = (of = key) => lines.get(of) ?? [];
const texts = (of = key) => line(of).map(({ text }) => text);

/** A mailbox in memory, as far as a gateway sees it. */
const mailbox = {
  async put(to: string, message: InboundMessage) {
    if (await mailbox.join(to, message)) return 'joined' as const;
    if (line(to).some(({ id }) => id === message.id)) return 'seen' as const;
    lines.set(to, [...line(to), message]);
    return 'stored' as const;
  },
  async join(to: string, message: InboundMessage) {
    const last = line(to).at(-1);
    const joined = last && join(last, message, clock.now());
    if (joined) lines.set(to, [...line(to).slice(0, -1), joined]);
    return joined !== undefined;
  },
  async amend(to: string, { edits, text }: InboundMessage) {
    const at = line(to).findIndex(({ id }) => id === edits?.id && !inHand.has(id));
    lines.set(
      to,
      line(to).map((message, nth) => (nth === at ? { ...message, text } : message)),
    );
    return at >= 0;
  },
  keys: async () => [...lines.keys()],
  line: async (of: string) => line(of),
  count: async (of: string) => line(of).length,
  answered: async () => answered,
  stop: async (of: string, id: string) => line(of)[0]?.id === id,
};

beforeEach(() => {
  clock = createFakeClock();
  lines = new Map();
  inHand = new Set();
  answered = undefined;
  interrupts = [];
  logbook = createLogbook();
  deliver = createGateway({
    mailbox,
    interrupts: { send: async (interrupt) => void interrupts.push(interrupt), listen: () => {} },
    conversations: createFakeConversations(),
    suggestions: { keep: async () => {}, find: async () => [] },
    groupContext: 'personal',
    turnIdOf: (id) => id,
    answerWithinMs: 15 * minute,
    clock,
    log: logbook,
  });
});

const said = (text: string, more: Partial<InboundMessage> = {}) =>
  inbound(text, { sentAt: clock.now(), ...more });

describe('a long text that its writer’s app has cut', () => {
  const first = () => said('x'.repeat(99), { id: '1', isCut: true });

  test('is one question with what follows within 1.5 s', async () => {
    await deliver(first());
    await clock.advance(1_499);
    await deliver(said('and the rest', { id: '2' }));
    expect(texts()).toEqual([`${'x'.repeat(99)}\nand the rest`]);
    expect(line()[0]).not.toHaveProperty('openUntil');
  });

  test('is a question of its own after that', async () => {
    await deliver(first());
    await clock.advance(1_500);
    await deliver(said('another thing', { id: '2' }));
    expect(texts()).toHaveLength(2);
  });

  test('is not one with what somebody else says', async () => {
    const thread = { platform: 'fake', bot: 'b1', channel: 'c1', thread: 't' };
    await deliver({ ...first(), target: thread });
    await deliver(said('me too', { id: '2', target: thread, author: { id: 'p2', name: 'Bo' } }));
    expect(texts('fake:b1:c1:thread%3Dt')).toHaveLength(2);
  });

  test('waits again for each piece that is as long', async () => {
    await deliver(first());
    await clock.advance(1_000);
    await deliver(said('y'.repeat(99), { id: '2', isCut: true }));
    await clock.advance(1_000);
    await deliver(said('end', { id: '3' }));
    expect(texts()).toEqual([`${'x'.repeat(99)}\n${'y'.repeat(99)}\nend`]);
  });
});

describe('an album', () => {
  const part = (id: string, more: Partial<InboundMessage> = {}) =>
    said('', { id, album: 'a', attachments: [{ kind: 'image' }], ...more });

  test('is one question, whichever part has the caption', async () => {
    await deliver(part('1'));
    await deliver(part('2', { text: 'what is this?' }));
    await deliver(part('3'));
    expect(texts()).toEqual(['what is this?']);
    expect(line()[0]?.attachments).toHaveLength(3);
  });

  test('is heard in a group with the parts that do not mention the bot', async () => {
    await deliver(part('1', { text: 'this?', addressed: 'mention' }));
    const mentioned = 'fake:b1:c1:person%3Dp1';
    await deliver(part('2', { addressed: 'overheard' }));
    await deliver(part('3', { addressed: 'overheard', album: 'b' }));
    expect(line(mentioned)[0]?.attachments).toHaveLength(2);
    expect([...lines.keys()]).toEqual([mentioned]);
  });

  test('takes in nothing that is not part of it', async () => {
    await deliver(part('1', { text: 'this?' }));
    await deliver(said('hurry up', { id: '2' }));
    expect(texts()).toEqual(['this?', 'hurry up']);
  });
});

test('any other message is asked at once, and never joined', async () => {
  await deliver(said('one'));
  await deliver(said('two'));
  expect(texts()).toEqual(['one', 'two']);
  expect(line().every(({ openUntil }) => openUntil === undefined)).toBe(true);
});

test('what comes too late is left alone, and the log says so', async () => {
  await deliver(said('old', { sentAt: clock.now() - 15 * minute - 1 }));
  await deliver(said('in time', { sentAt: clock.now() - 15 * minute }));
  expect(texts()).toEqual(['in time']);
  expect(logbook.events()).toEqual([expect.stringMatching(/^warn: a message came too late/)]);
  expect(logbook.text()).toContain(`"lateMs":${15 * minute + 1}`);
});

describe('a person with more than ten messages that wait', () => {
  const told = () => line(controlKey(key)).map(({ remark }) => remark);
  const write = async (count: number) => {
    for (let nth = 0; nth < count; nth++) await deliver(said(`${nth}`, { id: `m${lines.size}-${nth}` }));
  };

  test('is told to wait, once, and nothing is left out', async () => {
    await write(11);
    expect(told()).toEqual([]);
    await deliver(said('one more', { id: 'x' }));
    expect(told()).toEqual(['many-waiting']);
    await deliver(said('and more', { id: 'y' }));
    expect(told()).toEqual(['many-waiting']);
    expect(line()).toHaveLength(13);
  });

  test('is not told because of what others have written', async () => {
    const thread = { platform: 'fake', bot: 'b1', channel: 'c1', thread: 't' };
    for (let nth = 0; nth < 20; nth++)
      await deliver(said('x', { id: `${nth}`, target: thread, author: { id: `p${nth % 2}`, name: 'Bo' } }));
    expect([...lines.keys()].filter((name) => name.startsWith('control'))).toEqual([]);
  });
});

describe('a question that is edited', () => {
  const original = () => said('what is two and two?', { id: 'q' });
  const edit = (text: string, laterMs = 1_000, of = 'q') =>
    said(text, {
      id: `${of}@${laterMs}`,
      edits: { id: of, sentAt: clock.now() },
      sentAt: clock.now() + laterMs,
    });

  test('and still waits is asked as it is now', async () => {
    await deliver(said('first', { id: 'f' }));
    inHand.add('f');
    await deliver(original());
    await deliver(edit('what is two and three?'));
    expect(texts()).toEqual(['first', 'what is two and three?']);
  });

  test('and is being answered is stopped and asked anew', async () => {
    await deliver(original());
    inHand.add('q');
    await deliver(edit('what is two and three?'));
    expect(interrupts).toEqual([{ key, stop: 'q' }]);
    expect(texts()).toEqual(['what is two and two?', 'what is two and three?']);
  });

  test('and was the last one to be answered is asked anew', async () => {
    answered = { message: original(), record: { generation: 0, posted: [] } };
    await deliver(edit('what is two and three?'));
    expect(texts()).toEqual(['what is two and three?']);
  });

  test('for the second time is still the same one', async () => {
    answered = { message: edit('once'), record: { generation: 0, posted: [] } };
    await deliver(edit('twice', 2_000));
    expect(texts()).toEqual(['twice']);
  });

  test.each<[string, () => Promise<void>]>([
    [
      'was not the last one',
      async () => {
        await deliver(original());
        inHand.add('q');
        await deliver(said('another', { id: 'o' }));
      },
    ],
    ['is not known', async () => {}],
    [
      'was answered before another one',
      async () => {
        answered = { message: said('another', { id: 'o' }), record: { generation: 0, posted: [] } };
      },
    ],
  ])('is left alone when it %s', async (_, given) => {
    await given();
    const before = texts();
    await deliver(edit('what is two and three?'));
    expect(texts()).toEqual(before);
    expect(interrupts).toEqual([]);
  });

  test('is left alone after five minutes, or when nothing has changed, or when it is a command', async () => {
    answered = { message: original(), record: { generation: 0, posted: [] } };
    await deliver(edit('what is two and three?', 5 * minute));
    await deliver(edit('what is two and two?'));
    await deliver(edit('/reset'));
    expect([...lines.values()].flat()).toEqual([]);
  });
});
