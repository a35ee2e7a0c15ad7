import type { Message } from 'grammy/types';
import { describe, expect, test } from 'vitest';
import { toInbound } from '../../../adapters/telegram/inbound.ts';
import { edited as editedOf, group, marked, me, services, updateOf } from './fixtures.ts';

const edited = (content: Partial<Message>) => toInbound(editedOf(updateOf(content)), me);

describe('an edited message', () => {
  test('is the newer text of the message that it was', () => {
    const was = toInbound(updateOf({ chat: group, ...marked('@Coze_Test_Bot what is tis?') }), me);
    expect(edited({ chat: group, ...marked('@Coze_Test_Bot what is this?') })).toEqual({
      ...was,
      id: `${was?.id}@1795000030`,
      text: 'what is this?',
      sentAt: 1_795_000_030_000,
      edits: { id: was?.id, sentAt: was?.sentAt },
    });
  });

  test('waits for nothing that might follow', () => {
    const long = edited({ text: 'x'.repeat(4_000), media_group_id: '77' });
    expect(long).toMatchObject({ edits: { id: 'telegram:7100000001:510000001:42' } });
    expect(long).not.toHaveProperty('isCut');
    expect(long).not.toHaveProperty('album');
  });

  test('without the time of the edit, of a bot, or of a service message is none', () => {
    const { message } = updateOf({ text: 'hi' });
    expect(toInbound({ update_id: 2, edited_message: message }, me)).toBeUndefined();
    expect(edited({ chat: group, text: 'hi', from: { ...me, id: 5 } })).toBeUndefined();
    expect(edited(services.pin ?? {})).toBeUndefined();
  });
});
