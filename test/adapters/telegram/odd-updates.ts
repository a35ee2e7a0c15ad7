import { mangle } from '../../support/mangle.ts';
import { type Seeded, seeded } from '../../text/seeded.ts';
import {
  contents,
  edited,
  forum,
  fromUs,
  group,
  marked,
  pressed,
  services,
  stoppedDraft,
  updateOf,
} from './fixtures.ts';

/** What may come where updates come. */
export interface OddUpdate {
  /** As it goes over the wire. */
  readonly json: string;
  /** It is a message as Telegram sends them, with this text. */
  readonly text?: string;
}

const half = '\ud800';
const nested = (open: string, close: string, depth: number): string =>
  `${open.repeat(depth)}1${close.repeat(depth)}`;

/** In the place of anything that is expected. */
const junk: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 1e99, -1e99, 2 ** 31, 2 ** 53, -(2 ** 63)],
  ...[
    '',
    '0',
    'x',
    half,
    `a${half}b`,
    '\0\u0007\u001b[31m\u007f',
    '\u202eabc\u2066',
    '\u200b\u200d\ufeff',
    'שלום עולם',
  ],
  ...[[], {}, [null], [[]], { id: 'x' }, [{ id: 1 }], { length: 3 }, { toString: 1, constructor: null }],
  JSON.parse('{"__proto__":{"is_bot":true},"id":7}'),
  JSON.parse(nested('[', ']', 500)),
  JSON.parse(nested('{"a":', '}', 500)),
  [{ type: 'mention', offset: 5_000, length: 5_000 }],
  [{ type: 'bot_command', offset: 2 ** 52, length: 2 ** 52 }],
  [{ type: 'text_mention', offset: -1, length: 1 }],
  Array(200).fill({ type: 'mention', offset: 0, length: 14 }),
];

/** About a megabyte on the wire. */
const long = [
  'x'.repeat(1_000_000),
  '你好'.repeat(150_000),
  half.repeat(150_000),
  '@Coze_Test_Bot '.repeat(60_000),
  '\n'.repeat(500_000),
];

const kinds = ['message', 'edited_message', 'callback_query', 'channel_post', 'poll', 'x', '', '__proto__'];

const wrongNumbers = [null, -1, 0, 1.5, 1e99, 2 ** 31, 2 ** 53, '870000001', '', true, [], {}];

const inTopic = { chat: forum, is_topic_message: true as const, message_thread_id: 3 };
const whole: readonly object[] = [
  updateOf(marked('/stop@coze_test_bot hi @Coze_Test_Bot')),
  updateOf({ ...contents.photo, chat: group, caption: '@coze_test_bot', media_group_id: '7' }),
  updateOf({ ...inTopic, ...marked('hi @Coze_Test_Bot'), reply_to_message: fromUs as never }),
  edited(updateOf({ chat: group, ...marked('@Coze_Test_Bot hi') })),
  pressed('stop/t_1/u_1', { chat: group }),
  pressed('ask/t_1/2'),
  stoppedDraft({ message_thread_id: 3 }),
  ...Object.values(services).map(updateOf),
];

/**
 * `count` updates, the same for the same seed: a few as they should be, the others not. Each stands for one number, from
 * `firstNumber` on, but need not tell it.
 */
export function oddUpdates(seed: number, count: number, firstNumber: number): OddUpdate[] {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, index) => oddUpdate(random, index, firstNumber + index));
}

function oddUpdate(random: Seeded, index: number, number: number): OddUpdate {
  const wire = (update: object, update_id: unknown = number) => ({
    json: JSON.stringify({ ...update, update_id }),
  });
  const mangled = () => {
    const update = structuredClone(random.pick(whole));
    for (let times = random.below(5); times > 0; times--)
      mangle(update, structuredClone(random.pick(junk)), random.below);
    return update;
  };
  const kind = random.below(100);
  if (kind < 5) {
    const text = `well-formed ${index}`;
    return { ...wire(updateOf({ message_id: index + 1, text })), text };
  }
  if (index % 1_000 === 999) return wire(updateOf({ text: random.pick(long) }));
  if (index % 1_000 === 998)
    return { json: `{"update_id":${number},"message":{"chat":${nested('[', ']', 100_000)}}}` };
  if (kind < 15) return { json: JSON.stringify(random.pick(junk)) };
  if (kind < 22) return wire(mangled(), random.pick(wrongNumbers));
  // A number that has been there before.
  if (kind < 27) return wire(mangled(), number - random.below(200));
  if (kind < 40) return wire({ [random.pick(kinds)]: random.pick(junk) });
  return wire(mangled());
}
