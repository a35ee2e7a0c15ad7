import type { InputRichMessage } from 'grammy/types';
import { describe, expect, test } from 'vitest';
import { frozenClock, refused, startBot } from './telegram-bot.ts';

const table = '| a | b |\n|---|---|\n| 1 | 2 |\n\n$x^2$';

describe('a rich message', () => {
  test('is shown as it was written', async () => {
    const { emulator, api } = await startBot();
    const { id } = emulator.privateChat();
    const sent = await api.sendRichMessage(id, { markdown: table });
    expect(sent.rich_message.blocks).toHaveLength(1);
    expect(emulator.shown(id)).toMatchObject([{ text: table, rich: { markdown: table } }]);
    await api.sendRichMessage(id, { html: '<h1>a</h1>' });
    await api.sendRichMessage(id, { blocks: [{ type: 'paragraph', text: 'block' }] });
    expect(emulator.shown(id).map(({ text }) => text)).toEqual([table, '<h1>a</h1>', 'block']);
    const odd = { markdown: 'x', mode: 1 } as InputRichMessage;
    await api.sendRichMessage(id, odd);
    expect(emulator.calls.at(-1)?.unknownParams).toEqual(['rich_message.mode']);
  });

  test('is written in one way, within its length', async () => {
    const { emulator, api } = await startBot();
    const { id } = emulator.privateChat();
    const send = (rich: InputRichMessage) => refused(api.sendRichMessage(id, rich));
    expect(await send({ markdown: 'x'.repeat(32_768) })).toBe('accepted');
    expect(await send({ markdown: 'x'.repeat(32_769) })).toMatch(/^400 /);
    expect(await send({ markdown: ' ' })).toMatch(/^400 /);
    expect(await send({})).toMatch(/^400 .*exactly one/);
    expect(await send({ markdown: 'x', html: 'x' })).toMatch(/^400 .*exactly one/);
    const blocks = Array.from({ length: 501 }, () => ({ type: 'paragraph' as const, text: 'x' }));
    expect(await send({ blocks })).toMatch(/^400 /);
    expect(emulator.shown(id)).toHaveLength(1);
  });

  test('becomes text and text becomes it, with buttons as in every edit', async () => {
    const { emulator, api } = await startBot();
    const { id } = emulator.privateChat();
    const reply_markup = { inline_keyboard: [[{ text: 'Go', callback_data: 'go' }]] };
    const { message_id } = await api.sendMessage(id, 'plain', { reply_markup });
    const rich = () => refused(api.editMessageText(id, message_id, { markdown: table }, { reply_markup }));
    expect(await rich()).toBe('accepted');
    expect(await rich()).toMatch(/message is not modified/);
    const [shown] = emulator.shown(id);
    expect(shown).toMatchObject({ text: table, rich: { markdown: table } });
    expect(shown?.keyboard?.inline_keyboard).toHaveLength(1);
    await api.editMessageText(id, message_id, 'plain again');
    expect(emulator.shown(id)).toMatchObject([{ text: 'plain again', rich: undefined, keyboard: undefined }]);
    expect(emulator.shown(id)[0]?.history.map(({ text }) => text)).toEqual(['plain', table, 'plain again']);
  });

  test('can be refused by the parser', async () => {
    const { emulator, api } = await startBot();
    const { id } = emulator.privateChat();
    const description = "Bad Request: can't parse rich message: unclosed tag";
    emulator.fault({ kind: 'refuse', code: 400, description, method: 'sendRichMessage' });
    const send = () => refused(api.sendRichMessage(id, { markdown: '<x' }));
    expect(await send()).toBe(`400 ${description}`);
    expect(await send()).toBe('accepted');
  });

  test('is unknown to an older server', async () => {
    const { emulator, api } = await startBot({ richMessages: false });
    const { id } = emulator.privateChat();
    const rich = { markdown: 'x' };
    expect(await refused(api.sendRichMessage(id, rich))).toBe('404 Not Found');
    expect(await refused(api.sendRichMessageDraft(id, 1, rich))).toBe('404 Not Found');
    const { message_id } = await api.sendMessage(id, 'plain');
    expect(await refused(api.editMessageText(id, message_id, rich))).toBe(
      '400 Bad Request: message text is empty',
    );
    await api.sendMessageDraft(id, 2, 'x', { can_stop: true });
    expect(emulator.drafts(id)).toMatchObject([{ visible: true, canStop: false }]);
    expect(emulator.calls.some(({ unknownMethod }) => unknownMethod)).toBe(false);
  });

  test('is streamed as a draft', async () => {
    const clock = frozenClock();
    const { emulator, api } = await startBot({ now: clock.now });
    const { id } = emulator.privateChat();
    await api.sendRichMessageDraft(id, 3, { markdown: '# a' });
    await api.sendRichMessageDraft(id, 3, { markdown: '# ab' });
    expect(emulator.drafts(id)).toMatchObject([
      {
        text: '# ab',
        rich: { markdown: '# ab' },
        visible: true,
        history: [{ text: '# a' }, { text: '# ab' }],
      },
    ]);
    await api.sendRichMessage(id, { markdown: '# abc' });
    expect(emulator.drafts(id)).toMatchObject([{ visible: false }]);
  });
});
