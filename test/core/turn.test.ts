import { beforeEach, describe, expect, test } from 'vitest';
import { CozeFailed, type CozeFailure, DeliveryLost, TargetGone } from '../../src/core/errors.ts';
import { created, done, text } from '../support/fake-coze.ts';
import { inbound } from '../support/fake-platform.ts';
import { createDelivery } from '../support/fake-store.ts';
import { createTurnRig, failure } from '../support/turn-rig.ts';

let { clock, platform, coze, conversations, turn } = createTurnRig();

beforeEach(() => {
  ({ clock, platform, coze, conversations, turn } = createTurnRig());
});

describe('a turn', () => {
  test('asks in the conversation of its key, for the person who speaks, and shows the answer', async () => {
    const report = await turn();
    expect(coze.asked).toEqual([
      {
        conversationId: '1',
        userId: 'user of fake p1',
        text: 'hi',
        turnId: 'turn of fake:b1:c1:hi',
        speaker: { name: 'Ada', platform: 'fake', locale: 'en' },
      },
    ]);
    expect(platform.screen).toEqual(['You said hi.']);
    expect(report).toMatchObject({ outcome: 'answered', usage: { total: 3 }, chat: { chatId: 'chat1' } });
  });

  test('opens a conversation once and asks in it again', async () => {
    await turn();
    await turn(createDelivery(inbound('again')));
    expect(coze.opened).toBe(1);
    expect(coze.asked.map(({ conversationId }) => conversationId)).toEqual(['1', '1']);
  });

  test('shows typing until there is text', async () => {
    coze.next('hang');
    const delivery = createDelivery(inbound('hi'));
    void turn(delivery).catch(() => undefined);
    await clock.advance(9_000);
    expect(platform.typed.length).toBeGreaterThanOrEqual(2);
    delivery.lose();
  });

  test('notes the chat before it shows a text, and each message as it is posted', async () => {
    const delivery = createDelivery(inbound('hi'));
    await turn(delivery);
    expect(delivery.notes).toEqual([
      { generation: 0, asking: '1', posted: [] },
      { generation: 0, asking: '1', chat: { conversationId: '1', chatId: 'chat1' }, posted: [] },
      {
        generation: 0,
        asking: '1',
        chat: { conversationId: '1', chatId: 'chat1' },
        posted: [expect.objectContaining({ id: '1' })],
      },
    ]);
  });

  test('says that an attachment was not read, under the answer to the text', async () => {
    await turn(createDelivery(inbound('look', { attachments: [{ kind: 'image' }] })));
    expect(platform.screen[0]).toMatch(/^You said look\.\n\nℹ️ /);
  });

  test('says so when there is nothing to see in the answer, as the platform shows it', async () => {
    const blind = {
      ...platform.sender,
      render: (text: string) => platform.sender.render(text.replaceAll('\u200b', '')),
    };
    coze.next(created('c'), done('\u200b\u200b'));
    await turn(createDelivery(inbound('hi')), blind);
    expect(platform.screen[0]).toMatch(/empty answer/);
  });

  test('says so when the answer is empty', async () => {
    coze.next(created('c'), done(''));
    await turn();
    expect(platform.screen[0]).toMatch(/empty answer/);
  });
});

describe('when Coze fails', () => {
  test.each<[CozeFailure, RegExp]>([
    ['quota', /quota/],
    ['token', /token/],
    ['config', /set up/],
    ['refused', /content rules/],
    ['too-long', /\/reset/],
    ['failed', /could not answer/],
  ])('%s is told in words, and the partial text stays', async (kind, words) => {
    coze.next(created('c'), text('The beginning of an answer'), failure(kind, { code: 4028 }));
    const report = await turn();
    expect(platform.screen[0]).toMatch(/^The beginning of an answer\n\n⚠️ /);
    expect(platform.screen[0]).toMatch(words);
    expect(report).toMatchObject({ outcome: 'failed', failure: { kind, code: 4028 } });
  });

  test('in Chinese, to a reader of Chinese', async () => {
    coze.next(failure('quota'));
    await turn(createDelivery(inbound('hi', { author: { id: 'p1', name: 'Li', locale: 'zh-hans' } })));
    expect(platform.screen[0]).toMatch(/额度/);
  });

  test('what it has not taken is left to the mailbox to try again', async () => {
    coze.next(failure('busy', { retryable: true }));
    await expect(turn()).rejects.toThrow(CozeFailed);
    expect(platform.screen).toEqual([]);
  });

  test('a stream that breaks off is finished from Coze, without asking again', async () => {
    coze.next(created('c7'), text('The beginning'), failure('cut'));
    coze.nextRecovery({ text: 'The beginning and the end.' });
    await turn();
    expect(platform.screen).toEqual(['The beginning and the end.']);
    expect(coze.recovered).toEqual([{ conversationId: '1', chatId: 'c7' }]);
    expect(coze.asked).toHaveLength(1);
  });

  test('a stream that breaks off and was not kept ends in words', async () => {
    coze.next(created('c7'), text('The beginning'), failure('cut'));
    coze.nextRecovery(failure('gone'));
    await turn();
    expect(platform.screen[0]).toMatch(/^The beginning\n\n⚠️ The answer broke off/);
  });

  test('a conversation that Coze no longer knows is replaced by a new one, once', async () => {
    await turn();
    coze.next(failure('gone'));
    await turn(createDelivery(inbound('again')));
    expect(platform.screen.at(-1)).toBe('You said again.');
    expect(coze.asked.map(({ conversationId }) => conversationId)).toEqual(['1', '1', '2']);
    coze.next(failure('gone'));
    coze.next(failure('gone'));
    await turn(createDelivery(inbound('and again')));
    expect(platform.screen.at(-1)).toMatch(/does not know this conversation/);
  });

  test('a conversation that cannot be opened is told in words', async () => {
    coze.nextOpening(failure('token'));
    await turn();
    expect(platform.screen[0]).toMatch(/token/);
  });
});

describe('a second attempt', () => {
  test('takes the answer of the chat that the first one began, into the message it posted', async () => {
    await turn();
    const record = {
      generation: 0,
      chat: { conversationId: '1', chatId: 'chat1' },
      posted: [{ target: inbound('').target, id: '1' }],
    };
    coze.nextRecovery({ text: 'You said hi, and here is all of it.' });
    await turn(createDelivery(inbound('hi'), { attempt: 2, record }));
    expect(platform.screen).toEqual(['You said hi, and here is all of it.']);
    expect(coze.asked).toHaveLength(1);
  });

  test('asks again when Coze has kept nothing of it', async () => {
    const record = { generation: 0, chat: { conversationId: '1', chatId: 'old' }, posted: [] };
    coze.nextRecovery(failure('gone'));
    await turn(createDelivery(inbound('hi'), { attempt: 2, record }));
    expect(platform.screen).toEqual(['You said hi.']);
  });

  test('of a turn that was reset meanwhile stops it, and asks nothing', async () => {
    const record = { generation: 0, chat: { conversationId: '1', chatId: 'old' }, posted: [] };
    await conversations.reset('key', 'r1');
    const report = await turn(createDelivery(inbound('hi'), { attempt: 2, record }));
    expect(report.outcome).toBe('stopped');
    expect(coze.cancelled).toEqual([record.chat]);
    expect(coze.asked).toEqual([]);
  });
});

test('a lost delivery ends the turn, cancels nothing and writes nothing more', async () => {
  coze.next(created('c1'), text('The beginning of an answer'), 'hang');
  const delivery = createDelivery(inbound('hi'));
  const ended = turn(delivery);
  await clock.settle();
  delivery.lose();
  await expect(ended).rejects.toThrow(DeliveryLost);
  expect(coze.cancelled).toEqual([]);
  expect(platform.screen).toEqual(['The beginning of an answer']);
});

test('a chat whose reader has gone is stopped at Coze', async () => {
  const rig = createTurnRig();
  rig.coze.next(
    created('c1'),
    text('The quick brown fox jumps.'),
    text('The quick brown fox jumps over it.'),
    'hang',
  );
  rig.platform.failNext(new TargetGone('blocked'));
  const ended = rig.turn();
  await expect(ended).rejects.toThrow('blocked');
  expect(rig.coze.cancelled).toEqual([{ conversationId: '1', chatId: 'c1' }]);
});
