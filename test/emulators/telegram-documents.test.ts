import { InputFile } from 'grammy';
import { describe, expect, test } from 'vitest';
import { refused, startBot } from './telegram-bot.ts';

const file = (text = '# 你好\n', name = '答案.md') => new InputFile(Buffer.from(text), name);

describe('a document', () => {
  test('is uploaded and can be opened, under its name, with caption, reply and buttons', async () => {
    const { emulator, api } = await startBot();
    const chat = emulator.privateChat();
    const question = chat.say('all of it?');
    const sent = await api.sendDocument(chat.id, file(), {
      caption: ' all of it ',
      caption_entities: [{ type: 'bold', offset: 1, length: 3 }],
      reply_parameters: { message_id: question.message_id },
      reply_markup: { inline_keyboard: [[{ text: 'More', callback_data: 'more' }]] },
      disable_notification: true,
    });
    expect(sent).toMatchObject({
      document: { file_name: '答案.md', file_size: 9, mime_type: 'text/markdown' },
      caption: 'all of it',
      caption_entities: [{ type: 'bold', offset: 0, length: 3 }],
    });
    expect(emulator.shown(chat.id)).toMatchObject([
      {
        text: 'all of it',
        entities: [{ type: 'bold', offset: 0, length: 3 }],
        replyTo: question.message_id,
        silent: true,
        document: { fileName: '答案.md', sizeBytes: 9, content: '# 你好\n', bytes: Buffer.from('# 你好\n') },
      },
    ]);
    expect(chat.buttons(sent.message_id)).toEqual([{ text: 'More', data: 'more', url: undefined, row: 0 }]);
    expect(emulator.calls.at(-1)).toMatchObject({ method: 'sendDocument', unknownParams: [] });
  });

  test('may come as the part itself, or as a file that the server has already', async () => {
    const { emulator, api } = await startBot();
    const { id } = emulator.privateChat();
    const form = new FormData();
    form.set('chat_id', String(id));
    form.set('document', new Blob(['a;b']), 'table.csv');
    await fetch(`${emulator.url}/bot${emulator.token}/sendDocument`, { method: 'POST', body: form });
    const [first] = emulator.shown(id);
    expect(first?.document).toMatchObject({ fileName: 'table.csv', mimeType: 'text/csv', content: 'a;b' });
    expect(emulator.calls.at(-1)).toMatchObject({
      unknownParams: [],
      params: { document: 'attach:table.csv' },
    });
    const { document } = await api.sendDocument(id, file('x', 'x.txt'));
    await api.sendDocument(id, document.file_id);
    expect(emulator.shown(id).map((shown) => shown.document?.fileName)).toEqual([
      'table.csv',
      'x.txt',
      'x.txt',
    ]);
  });

  test('is refused when it is missing, empty, unknown or above 50 MB', async () => {
    const { emulator, api } = await startBot();
    const { id } = emulator.privateChat();
    const send = (document: InputFile | string) => refused(api.sendDocument(id, document));
    const missing = '400 Bad Request: there is no document in the request';
    expect(await send('')).toBe(missing);
    expect(await send('attach://nothing')).toBe(missing);
    expect(await send(file(''))).toBe('400 Bad Request: file must be non-empty');
    expect(await send('AgADBAAD')).toBe('400 Bad Request: wrong file identifier/HTTP URL specified');
    const bytes = Buffer.alloc(50 * 1024 * 1024 + 1);
    expect(await send(new InputFile(bytes, 'a.bin'))).toBe('413 Request Entity Too Large');
  });

  test('has a caption of 1024 characters, which alone can be edited', async () => {
    const { emulator, api } = await startBot();
    const { id } = emulator.privateChat();
    const send = (caption: string) => refused(api.sendDocument(id, file(), { caption }));
    expect(await send('😀'.repeat(1024))).toBe('accepted');
    expect(await send('x'.repeat(1025))).toBe('400 Bad Request: message caption is too long');
    const { message_id } = await api.sendDocument(id, file());
    const caption = (text: string) => refused(api.editMessageCaption(id, message_id, { caption: text }));
    expect(await caption('x'.repeat(1025))).toBe('400 Bad Request: MEDIA_CAPTION_TOO_LONG');
    expect(await caption('b')).toBe('accepted');
    expect(await caption('b')).toMatch(/message is not modified/);
    expect(await caption('')).toBe('accepted');
    expect(
      emulator
        .shown(id)
        .at(-1)
        ?.history.map(({ text }) => text),
    ).toEqual(['', 'b', '']);
    expect(await refused(api.editMessageText(id, message_id, 'text'))).toBe(
      '400 Bad Request: there is no text in the message to edit',
    );
    const text = await api.sendMessage(id, 'text');
    expect(await refused(api.editMessageCaption(id, text.message_id, { caption: 'c' }))).toBe(
      '400 Bad Request: there is no caption in the message to edit',
    );
  });
});
