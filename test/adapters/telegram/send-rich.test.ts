import { GrammyError } from 'grammy';
import { describe, expect, test } from 'vitest';
import { createRichMessages } from '../../../adapters/telegram/rich-messages.ts';
import { RateLimited, TargetGone, Unreachable } from '../../../src/core/errors.ts';
import { createLogbook } from '../../support/logbook.ts';
import { failure, startSending } from './sending.ts';

const bold = { type: 'bold', offset: 0, length: 5 };
const part = (text: string) => ({ text, format: { entities: [bold], rich: `**${text}**` } });
const parseError = {
  kind: 'refuse',
  code: 400,
  description: "Bad Request: can't parse rich message: unexpected end of table",
} as const;

describe('a rich message', () => {
  test('is posted and edited as its Markdown, with buttons, as a reply', async () => {
    const { emulator, sender, at, log } = await startSending();
    const group = emulator.group();
    const { message_id } = group.say('hi');
    const buttons = [{ label: 'Stop', data: 'stop' }];
    const ref = await sender.post(at(group, { replyTo: String(message_id) }), { ...part('Hello'), buttons });
    expect(emulator.shown(group.id)).toMatchObject([
      {
        rich: { markdown: '**Hello**' },
        replyTo: message_id,
        keyboard: { inline_keyboard: [[{ text: 'Stop' }]] },
      },
    ]);
    await sender.edit(ref, part('Hello all'));
    await sender.edit(ref, part('Hello all'));
    expect(emulator.shown(group.id)).toMatchObject([
      { rich: { markdown: '**Hello all**' }, keyboard: undefined },
    ]);
    expect(log.events()).toEqual([]);
  });

  test('may become a text, and a text a rich message', async () => {
    const { emulator, sender, at } = await startSending();
    const chat = emulator.privateChat();
    const ref = await sender.post(at(chat), part('Hello'));
    await sender.edit(ref, { text: '⏹ Stopped.' });
    expect(emulator.shown(chat.id)).toMatchObject([{ text: '⏹ Stopped.', rich: undefined }]);
    await sender.edit(ref, part('Hello'));
    expect(emulator.shown(chat.id)).toMatchObject([{ rich: { markdown: '**Hello**' } }]);
  });

  test('finds a topic of a private chat gone, and is written outside of it', async () => {
    const { emulator, sender, at } = await startSending({}, { topics: true });
    const chat = emulator.privateChat();
    const topic = chat.topic('Plans');
    topic.remove();
    await sender.post(at(chat, { thread: String(topic.id) }), part('Hello'));
    expect(emulator.shown(chat.id)).toMatchObject([{ threadId: undefined, rich: { markdown: '**Hello**' } }]);
  });
});

describe('the setting', () => {
  const markdown = '# Title\n\n| a | b |\n|---|---|\n| 1 | 2 |';
  const settings = (TELEGRAM_FORMAT: 'rich' | 'entities') => ({ TELEGRAM_FORMAT });

  test.each(['rich', 'entities'] as const)('%s says what an answer looks like', async (format) => {
    const { emulator, sender, at } = await startSending(settings(format));
    const chat = emulator.privateChat();
    for (const one of sender.render(markdown).parts) await sender.post(at(chat), one);
    const [shown] = emulator.shown(chat.id);
    if (format === 'rich') expect(shown?.rich?.markdown).toContain('| 1 | 2 |');
    else expect(shown?.entities).toMatchObject([{ type: 'bold' }, { type: 'pre' }]);
  });

  test('rich still shows all of it on a server that knows no rich messages', async () => {
    const { emulator, sender, at } = await startSending(settings('rich'), { richMessages: false });
    const chat = emulator.privateChat();
    for (const one of sender.render(markdown).parts) await sender.post(at(chat), one);
    expect(emulator.shown(chat.id)).toMatchObject([{ entities: [{ type: 'bold' }, { type: 'pre' }] }]);
  });
});

describe('on a server without rich messages', () => {
  const older = () => startSending({}, { richMessages: false });
  const told = 'warn: this Bot API server does not know rich messages: what is sent has entities instead';

  test('the text is posted with entities, once it is found out and told, for good', async () => {
    const { emulator, sender, at, methods, log } = await older();
    const chat = emulator.privateChat();
    const ref = await sender.post(at(chat), part('Hello'));
    await sender.edit(ref, part('Hello all'));
    await sender.post(at(chat), part('Hello again'));
    expect(emulator.shown(chat.id)).toMatchObject([
      { text: 'Hello all', entities: [bold], rich: undefined },
      { text: 'Hello again', entities: [bold], rich: undefined },
    ]);
    expect(methods()).toEqual(['sendRichMessage', 'sendMessage', 'editMessageText', 'sendMessage']);
    expect(log.events()).toEqual([told]);
  });

  test('an edit finds it out as well', async () => {
    const { emulator, sender, at, methods, log } = await older();
    const chat = emulator.privateChat();
    const ref = await sender.post(at(chat), { text: 'Hel' });
    await sender.edit(ref, part('Hello'));
    await sender.post(at(chat), part('Hello again'));
    expect(emulator.shown(chat.id).map(({ text }) => text)).toEqual(['Hello', 'Hello again']);
    expect(methods()).toEqual(['sendMessage', 'editMessageText', 'editMessageText', 'sendMessage']);
    expect(log.events()).toEqual([told]);
  });
});

describe('a rich message that Telegram refuses', () => {
  test('is posted with entities, and edited so from then on; other messages are rich', async () => {
    const { emulator, sender, at, methods, log } = await startSending();
    const chat = emulator.privateChat();
    emulator.fault({ ...parseError, method: 'sendRichMessage' });
    const ref = await sender.post(at(chat), part('Hello'));
    await sender.edit(ref, part('Hello all'));
    await sender.post(at(chat), part('Hello again'));
    expect(emulator.shown(chat.id)).toMatchObject([
      { text: 'Hello all', entities: [bold], rich: undefined },
      { rich: { markdown: '**Hello again**' } },
    ]);
    expect(methods()).toEqual(['sendRichMessage', 'sendMessage', 'editMessageText', 'sendRichMessage']);
    expect(log.events()).toEqual(['debug: a message cannot be rich, and is sent with entities']);
  });

  test('at an edit becomes a text, and stays one', async () => {
    const { emulator, sender, at, methods } = await startSending();
    const chat = emulator.privateChat();
    const ref = await sender.post(at(chat), part('Hello'));
    emulator.fault(parseError);
    await sender.edit(ref, part('Hello all'));
    await sender.edit(ref, part('Hello to all'));
    expect(emulator.shown(chat.id)).toMatchObject([{ text: 'Hello to all', rich: undefined }]);
    expect(methods()).toEqual(['sendRichMessage', ...Array(3).fill('editMessageText')]);
  });

  test('is known as such even if what is sent instead is there already', async () => {
    const { emulator, sender, at } = await startSending();
    const chat = emulator.privateChat();
    const ref = await sender.post(at(chat), { text: 'Hello' });
    emulator.fault(parseError);
    for (let times = 0; times < 2; times++)
      await sender.edit(ref, { text: 'Hello', format: { rich: '**Hello**' } });
    expect(emulator.shown(chat.id)).toMatchObject([{ text: 'Hello', rich: undefined }]);
  });

  test('for having no text, where others were taken, says nothing of the server', async () => {
    const { emulator, sender, at } = await startSending();
    const chat = emulator.privateChat();
    const ref = await sender.post(at(chat), part('Hello'));
    emulator.fault({ ...parseError, description: 'Bad Request: message text is empty' });
    await sender.edit(ref, part('Hello all'));
    await sender.post(at(chat), part('Hello again'));
    expect(emulator.shown(chat.id).map(({ rich }) => rich !== undefined)).toEqual([false, true]);
  });

  test('is remembered for the last thousand messages', async () => {
    const send = createRichMessages(createLogbook());
    const answer = { ok: false as const, error_code: 400, description: parseError.description };
    const refuse = async () => {
      throw new GrammyError('refused', answer, 'sendRichMessage', {});
    };
    const plain = async () => 'text';
    for (let id = 0; id <= 1_000; id++)
      await send(part('Hello'), { rich: refuse, plain }, { idOf: () => String(id) });
    const rich = async () => 'rich';
    const edit = (message: string) =>
      send(part('Hello all'), { rich, plain }, { message, idOf: () => message });
    expect(await Promise.all(['0', '1', '1000', '1001'].map(edit))).toEqual(['rich', 'text', 'text', 'rich']);
  });
});

describe('a failure that says nothing of rich messages', () => {
  test('is what it is, and nothing is sent in their place', async () => {
    const { emulator, sender, at, methods, log } = await startSending();
    const gone = emulator.privateChat();
    gone.block();
    expect(await failure(sender.post(at(gone), part('Hello')))).toBeInstanceOf(TargetGone);
    expect(await failure(sender.post(at({ id: 4_242_424_242 }), part('Hello')))).toBeInstanceOf(TargetGone);
    const chat = emulator.privateChat();
    emulator.fault({ kind: 'refuse', code: 429, retryAfter: 7 });
    expect(await failure(sender.post(at(chat), part('Hello')))).toBeInstanceOf(RateLimited);
    // What a proxy says of a server that it does not find.
    emulator.fault({ kind: 'page', code: 404 });
    expect(await failure(sender.post(at(chat), part('Hello')))).toBeInstanceOf(Unreachable);
    expect(methods()).toEqual(Array(4).fill('sendRichMessage'));
    expect(log.events()).toEqual([]);
  });
});
