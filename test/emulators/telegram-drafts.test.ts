import { describe, expect, test } from 'vitest';
import { frozenClock, refused, startBot } from './telegram-bot.ts';

describe('drafts', () => {
  test('grow in a private chat, fade after 30 seconds and go when a message comes', async () => {
    const clock = frozenClock();
    const { emulator, api } = await startBot({ now: clock.now });
    const { id } = emulator.privateChat();
    const visible = () => emulator.drafts(id).filter((draft) => draft.visible);
    await api.sendMessageDraft(id, 7, 'Thi');
    await api.sendMessageDraft(id, 7, 'Think');
    expect(visible()).toMatchObject([
      { draftId: 7, text: 'Think', history: [{ text: 'Thi' }, { text: 'Think' }] },
    ]);
    await api.sendMessageDraft(id, 8, '');
    expect(visible()).toMatchObject([{ draftId: 8, text: '' }]);
    clock.advance(30_001);
    expect(visible()).toEqual([]);
    await api.sendMessageDraft(id, 9, 'again');
    await api.sendMessage(id, 'done');
    expect(visible()).toEqual([]);
  });

  test('have a number, a length and no place in groups', async () => {
    const { emulator, api } = await startBot();
    const [chat, group] = [emulator.privateChat(), emulator.group()];
    const draft = (chatId: number, draftId: number, text = 'x') =>
      refused(api.sendMessageDraft(chatId, draftId, text));
    expect(await draft(chat.id, 1, 'x'.repeat(4096))).toBe('accepted');
    expect(await draft(chat.id, 1, 'x'.repeat(4097))).toBe('400 Bad Request: message is too long');
    expect(await draft(chat.id, 0)).toMatch(/^400 Bad Request/);
    expect(await draft(group.id, 1)).toBe('400 Bad Request: TEXTDRAFT_PEER_INVALID');
  });

  test('with a Stop button tell the bot when it is pressed, and go', async () => {
    const { emulator, api } = await startBot();
    const chat = emulator.privateChat();
    await api.sendMessageDraft(chat.id, 5, 'x', { can_stop: true });
    expect(emulator.drafts(chat.id)).toMatchObject([{ canStop: true }]);
    chat.stopDraft();
    const [update] = await api.getUpdates();
    expect(update?.stopped_message_generation).toEqual({
      draft_id: 5,
      chat: { id: chat.id, first_name: 'Lin', type: 'private' },
    });
    expect(emulator.drafts(chat.id)).toMatchObject([{ visible: false, canStop: false }]);
    expect(() => chat.stopDraft(5)).toThrow('no draft 5 with a Stop button');
    await api.sendMessageDraft(chat.id, 6, 'x');
    expect(() => chat.stopDraft()).toThrow('no draft on the screen with a Stop button');
  });

  test('that are kept when stopped stay for a short time', async () => {
    const clock = frozenClock();
    const { emulator, api } = await startBot({ now: clock.now });
    const chat = emulator.privateChat();
    await api.sendMessageDraft(chat.id, 5, 'x', { can_stop: true, keep_on_stop: true });
    chat.stopDraft(5);
    const shown = () => emulator.drafts(chat.id).map(({ visible, canStop }) => [visible, canStop]);
    expect(shown()).toEqual([[true, false]]);
    clock.advance(5_001);
    expect(shown()).toEqual([[false, false]]);
  });

  test('that are stopped are told of only where the bot wants to hear it, with their topic', async () => {
    const clock = frozenClock();
    const { emulator, api } = await startBot({ topics: true, now: clock.now });
    const chat = emulator.privateChat();
    const topic = chat.topic('Trip');
    const draft = (draftId: number) =>
      api.sendMessageDraft(chat.id, draftId, 'x', { can_stop: true, message_thread_id: topic.id });
    await api.getUpdates({ allowed_updates: ['callback_query'] });
    await draft(1);
    topic.stopDraft();
    await api.getUpdates({ allowed_updates: [] });
    await draft(2);
    topic.stopDraft();
    clock.advance(5_000);
    const stops = (await api.getUpdates()).flatMap((update) => update.stopped_message_generation ?? []);
    expect(stops).toMatchObject([{ draft_id: 2, message_thread_id: topic.id }]);
  });
});
