import { expect, test } from 'vitest';
import { toInbound } from '../../../adapters/telegram/inbound.ts';
import { toPressed } from '../../../adapters/telegram/press.ts';
import { queryIdOf } from '../../../adapters/telegram/update.ts';
import { mangle } from '../../support/mangle.ts';
import { seeded } from '../../text/seeded.ts';
import {
  contents,
  edited,
  forum,
  fromUs,
  group,
  marked,
  me,
  pressed,
  services,
  stoppedDraft,
  updateOf,
} from './fixtures.ts';

const junk = [null, undefined, 0, -1, 1e99, Number.NaN, '', '\ud800', 'x', true, [], {}, [null], { id: 'x' }];

test('no update, however mangled, makes it throw, and what it lets through is well formed', () => {
  const whole = [
    updateOf(marked('/ask@coze_test_bot hi @Coze_Test_Bot')),
    updateOf({ ...contents.photo, chat: group, caption: '@coze_test_bot', caption_entities: [] }),
    updateOf({
      chat: forum,
      text: 'hi',
      is_topic_message: true,
      message_thread_id: 3,
      reply_to_message: fromUs as never,
    }),
    edited(updateOf({ chat: group, ...marked('@Coze_Test_Bot hi') })),
    ...Object.values(services).map(updateOf),
  ];
  let heard = 0;
  for (let seed = 0; seed < 5_000; seed++) {
    const random = seeded(seed);
    const update = structuredClone(random.pick(whole)) as unknown;
    for (let times = random.below(4); times > 0; times--) mangle(update, random.pick(junk), random.below);
    const message = toInbound(update, me);
    if (!message) continue;
    heard++;
    expect(JSON.parse(JSON.stringify(message))).toEqual(message);
    expect(message.id).toMatch(/^telegram:7100000001:-?\d+:\d+(@-?\d+)?$/);
    expect(message.text).toBeTypeOf('string');
  }
  expect(heard).toBeGreaterThan(500);
  for (const update of junk) expect(toInbound(update, me)).toBeUndefined();
});

test('so it is with presses and stopped drafts, and a press that can be answered is', () => {
  const topic = { chat: forum, message_thread_id: 3, is_topic_message: true };
  const whole = [
    pressed('stop/t_1/u_1', { chat: group }),
    pressed('ask/t_1/2', topic),
    pressed('ask/t_1/0', { chat: group, date: 0 }),
    stoppedDraft({ message_thread_id: 3 }),
    stoppedDraft(),
  ];
  let heard = 0;
  for (let seed = 0; seed < 5_000; seed++) {
    const random = seeded(seed);
    const update = structuredClone(random.pick(whole)) as unknown;
    for (let times = random.below(4); times > 0; times--) mangle(update, random.pick(junk), random.below);
    expect(['string', 'undefined']).toContain(typeof queryIdOf(update));
    const message = toPressed(update, me, 1_795_000_000_000);
    if (!message) continue;
    heard++;
    expect(JSON.parse(JSON.stringify(message))).toEqual(message);
    expect(message.id).toMatch(
      /^telegram:7100000001:(-?\d+:\d+:ask\/t_1\/\d:-?\d+|query:.+|stop:-?\d+:-?\d+:-?\d+)$/,
    );
    expect(message).toMatchObject({
      text: '',
      attachments: [],
      pressed: expect.stringMatching(/^(stop|ask)/),
    });
  }
  expect(heard).toBeGreaterThan(500);
  for (const update of junk) {
    expect(toPressed(update, me, 0)).toBeUndefined();
    expect(queryIdOf(update)).toBeUndefined();
  }
});
