import { beforeEach, describe, expect, test } from 'vitest';
import { controlKey } from '../src/core/addressing.ts';
import type { InboundMessage } from '../src/core/message.ts';
import { createGatewayRig, key, minute } from './support/gateway-rig.ts';

let rig = createGatewayRig();
beforeEach(() => {
  rig = createGatewayRig();
});

describe('a long text that its writer’s app has cut', () => {
  const first = () => rig.said('x'.repeat(99), { id: '1', isCut: true });

  test('is one question with what follows within 1.5 s', async () => {
    await rig.deliver(first());
    await rig.clock.advance(1_499);
    await rig.deliver(rig.said('and the rest', { id: '2' }));
    expect(rig.texts()).toEqual([`${'x'.repeat(99)}\nand the rest`]);
    expect(rig.line()[0]).not.toHaveProperty('openUntil');
  });

  test('is a question of its own after that', async () => {
    await rig.deliver(first());
    await rig.clock.advance(1_500);
    await rig.deliver(rig.said('another thing', { id: '2' }));
    expect(rig.texts()).toHaveLength(2);
  });

  test('is not one with what somebody else says', async () => {
    const thread = { platform: 'fake', bot: 'b1', channel: 'c1', thread: 't' };
    await rig.deliver({ ...first(), target: thread });
    await rig.deliver(rig.said('me too', { id: '2', target: thread, author: { id: 'p2', name: 'Bo' } }));
    expect(rig.texts('fake:b1:c1:thread%3Dt')).toHaveLength(2);
  });

  test('waits again for each piece that is as long', async () => {
    await rig.deliver(first());
    await rig.clock.advance(1_000);
    await rig.deliver(rig.said('y'.repeat(99), { id: '2', isCut: true }));
    await rig.clock.advance(1_000);
    await rig.deliver(rig.said('end', { id: '3' }));
    expect(rig.texts()).toEqual([`${'x'.repeat(99)}\n${'y'.repeat(99)}\nend`]);
  });
});

describe('an album', () => {
  const part = (id: string, more: Partial<InboundMessage> = {}) =>
    rig.said('', { id, album: 'a', attachments: [{ kind: 'image' }], ...more });

  test('is one question, whichever part has the caption', async () => {
    await rig.deliver(part('1'));
    await rig.deliver(part('2', { text: 'what is this?' }));
    await rig.deliver(part('3'));
    expect(rig.texts()).toEqual(['what is this?']);
    expect(rig.line()[0]?.attachments).toHaveLength(3);
  });

  test('is heard in a group with the parts that do not mention the bot', async () => {
    await rig.deliver(part('1', { text: 'this?', addressed: 'mention' }));
    const mentioned = 'fake:b1:c1:person%3Dp1';
    await rig.deliver(part('2', { addressed: 'overheard' }));
    await rig.deliver(part('3', { addressed: 'overheard', album: 'b' }));
    expect(rig.line(mentioned)[0]?.attachments).toHaveLength(2);
    expect([...rig.lines.keys()]).toEqual([mentioned]);
  });

  test('takes in nothing that is not part of it', async () => {
    await rig.deliver(part('1', { text: 'this?' }));
    await rig.deliver(rig.said('hurry up', { id: '2' }));
    expect(rig.texts()).toEqual(['this?', 'hurry up']);
  });
});

test('any other message is asked at once, and never joined', async () => {
  await rig.deliver(rig.said('one'));
  await rig.deliver(rig.said('two'));
  expect(rig.texts()).toEqual(['one', 'two']);
  expect(rig.line().every(({ openUntil }) => openUntil === undefined)).toBe(true);
});

test('what was missed and comes too late is left alone, and the log says so', async () => {
  await rig.deliver(rig.said('old', { isMissed: true, sentAt: rig.clock.now() - 15 * minute - 1 }));
  await rig.deliver(rig.said('in time', { isMissed: true, sentAt: rig.clock.now() - 15 * minute }));
  expect(rig.texts()).toEqual(['in time']);
  expect(rig.logbook.events()).toEqual([expect.stringMatching(/^warn: a message came too late/)]);
  expect(rig.logbook.text()).toContain(`"lateMs":${15 * minute + 1}`);
});

test('what is heard as it is written is new, whatever the clocks say', async () => {
  await rig.deliver(rig.said('dated by another clock', { sentAt: rig.clock.now() - 60 * minute }));
  expect(rig.texts()).toEqual(['dated by another clock']);
});

describe('a person with more than ten messages that wait', () => {
  const told = () => rig.line(controlKey(key)).map(({ remark }) => remark);
  const write = async (count: number) => {
    for (let nth = 0; nth < count; nth++)
      await rig.deliver(rig.said(`${nth}`, { id: `m${rig.lines.size}-${nth}` }));
  };

  test('is told to wait, once, and nothing is left out', async () => {
    await write(11);
    expect(told()).toEqual([]);
    await rig.deliver(rig.said('one more', { id: 'x' }));
    expect(told()).toEqual(['many-waiting']);
    await rig.deliver(rig.said('and more', { id: 'y' }));
    expect(told()).toEqual(['many-waiting']);
    expect(rig.line()).toHaveLength(13);
  });

  test('is not told because of what others have written', async () => {
    const thread = { platform: 'fake', bot: 'b1', channel: 'c1', thread: 't' };
    for (let nth = 0; nth < 20; nth++)
      await rig.deliver(
        rig.said('x', { id: `${nth}`, target: thread, author: { id: `p${nth % 2}`, name: 'Bo' } }),
      );
    expect([...rig.lines.keys()].filter((name) => name.startsWith('control'))).toEqual([]);
  });
});
