import { describe, expect, test } from 'vitest';
import { editToInbound, toInbound } from '../../../adapters/discord/inbound.ts';
import { messageOf } from '../../../adapters/discord/payload.ts';
import { ada, channel, direct, madeAt, me, messageId, ourselves, said } from './fixtures.ts';

const place = { me, isThread: false, isOurs: false };
const editedAt = madeAt + 60_000;
const edited = (more: object = {}) => ({
  edited_timestamp: new Date(editedAt).toISOString(),
  content: 'newer',
  ...more,
});

function read(payload: object, now = editedAt + 500) {
  const message = messageOf(payload);
  return message && editToInbound(message, place, now);
}

describe('an edited message', () => {
  test('is the message with its newer text, and says which one it was', () => {
    const original = messageOf(direct());
    const { id, sentAt } = (original && toInbound(original, place)) ?? {};
    expect(read(direct(edited()))).toMatchObject({
      id: `${id}@${editedAt}`,
      text: 'newer',
      addressed: 'direct',
      sentAt: editedAt,
      edits: { id, sentAt },
    });
  });

  test('in a channel is meant for whom its newer text names', () => {
    expect(read(said(edited()))?.addressed).toBe('overheard');
    const named = read(said(edited({ content: `<@${me}> newer`, mentions: [ourselves] })));
    expect(named).toMatchObject({
      addressed: 'mention',
      text: 'newer',
      target: { channel, replyTo: messageId },
      edits: { id: `discord:${me}:${channel}:${messageId}` },
    });
  });

  test('has another id each time', () => {
    const later = new Date(editedAt + 1_000).toISOString();
    expect(read(direct(edited()))?.id).not.toBe(read(direct(edited({ edited_timestamp: later })))?.id);
  });
});

describe('no edit is', () => {
  test.each([
    ['a link that is unfurled', { edited_timestamp: null }],
    ['a change without the time of one', { edited_timestamp: undefined }],
    ['a time that is none', { edited_timestamp: 'yesterday' }],
    ['a message without content', { content: '' }],
    ['what a bot edits', { author: { ...ada, bot: true } }],
    ['what we edit', { author: ourselves }],
    ['what a webhook edits', { webhook_id: '1' }],
    ['a change that does not say whose message it is', { author: undefined }],
  ])('%s', (_, more) => {
    expect(read(direct(edited(more)))).toBeUndefined();
  });

  test('a pin on a message that was edited long ago', () => {
    expect(read(direct(edited()), editedAt + 5 * 60_000 - 1)).toBeDefined();
    expect(read(direct(edited()), editedAt + 5 * 60_000)).toBeUndefined();
  });
});

describe('a message that is nearly as long as Discord lets it be', () => {
  const isCut = (length: number) => {
    const message = messageOf(direct({ content: '字'.repeat(length) }));
    return message && toInbound(message, place)?.isCut;
  };

  test.each([1_900, 2_000, 3_800, 4_000])('may go on in the next one: %i', (length) => {
    expect(isCut(length)).toBe(true);
  });

  test.each([0, 1, 1_899, 2_001, 3_799])('and others do not: %i', (length) => {
    expect(isCut(length)).toBeUndefined();
  });

  test('is measured in UTF-16 units, with what names the bot', () => {
    const message = messageOf(said({ content: `<@${me}> ${'𝕏'.repeat(945)}`, mentions: [ourselves] }));
    expect(message && toInbound(message, place)?.isCut).toBe(true);
  });
});
