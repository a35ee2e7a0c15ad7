import { describe, expect, test } from 'vitest';
import { startSending } from './sending.ts';

const bold = { type: 'bold', offset: 0, length: 5 };
const stop = { label: '⏹ Stop', data: 'stop/t_1/u_1' };
const ask = (nth: number, label: string) => ({ label, data: `ask/t_1/${nth}` });

describe('entities', () => {
  test('show what is written as it is meant, and an edit may change them', async () => {
    const { emulator, sender, at } = await startSending();
    const chat = emulator.privateChat();
    const ref = await sender.post(at(chat), { text: 'Hello world', format: { entities: [bold] } });
    expect(emulator.shown(chat.id)).toMatchObject([{ text: 'Hello world', entities: [bold] }]);
    const italic = { ...bold, type: 'italic' };
    await sender.edit(ref, { text: 'Hello world', format: { entities: [italic] } });
    expect(emulator.shown(chat.id)).toMatchObject([{ text: 'Hello world', entities: [italic] }]);
    await sender.edit(ref, { text: 'Hello world' });
    expect(emulator.shown(chat.id)).toMatchObject([{ text: 'Hello world', entities: [] }]);
  });

  test('that are too many for Telegram are left out: the words arrive', async () => {
    const { emulator, sender, at } = await startSending();
    const chat = emulator.privateChat();
    const refuse = () =>
      emulator.fault({ kind: 'refuse', code: 400, description: 'Bad Request: ENTITIES_TOO_LONG' });
    refuse();
    const ref = await sender.post(at(chat), { text: 'Hello', format: { entities: [bold] } });
    refuse();
    await sender.edit(ref, { text: 'Hello all', format: { entities: [bold] } });
    expect(emulator.shown(chat.id)).toMatchObject([{ text: 'Hello all', entities: [] }]);
  });
});

describe('buttons', () => {
  test('stand one below the other, and go with an edit that has none', async () => {
    const { emulator, sender, at } = await startSending();
    const chat = emulator.privateChat();
    const ref = await sender.post(at(chat), { text: 'Hel', buttons: [stop] });
    expect(chat.buttons(Number(ref.id))).toMatchObject([{ text: '⏹ Stop', data: 'stop/t_1/u_1' }]);
    await sender.edit(ref, { text: 'Hello', buttons: [ask(0, 'Why?'), ask(1, 'How?')] });
    expect(emulator.shown(chat.id)[0]?.keyboard?.inline_keyboard).toEqual([
      [{ text: 'Why?', callback_data: 'ask/t_1/0' }],
      [{ text: 'How?', callback_data: 'ask/t_1/1' }],
    ]);
    await sender.edit(ref, { text: 'Hello', buttons: [] });
    expect(emulator.shown(chat.id)[0]?.keyboard).toBeUndefined();
  });

  test('have labels of one line that are not endless, cut between characters', async () => {
    const { emulator, sender, at } = await startSending();
    const chat = emulator.privateChat();
    const labels = ['Why\nnot?', '🚀'.repeat(200), ' ', '?'.repeat(128)];
    const ref = await sender.post(at(chat), {
      text: 'x',
      buttons: labels.map((label, nth) => ask(nth, label)),
    });
    expect(chat.buttons(Number(ref.id)).map(({ text }) => text)).toEqual([
      'Why not?',
      `${'🚀'.repeat(127)}…`,
      '…',
      '?'.repeat(128),
    ]);
  });

  test('that Telegram has no room for are left out: the message arrives', async () => {
    const { emulator, sender, at } = await startSending();
    const chat = emulator.privateChat();
    const buttons = ['', '说'.repeat(22), 'x'.repeat(64)].map((data) => ({ label: 'x', data }));
    const ref = await sender.post(at(chat), { text: 'Hello', buttons });
    expect(chat.buttons(Number(ref.id)).map(({ data }) => data)).toEqual(['x'.repeat(64)]);
  });
});

test('a message that goes on with another makes no sound', async () => {
  const { emulator, sender, at } = await startSending();
  const chat = emulator.privateChat();
  await sender.post(at(chat), { text: 'one' });
  await sender.post(at(chat), { text: 'two', isQuiet: true });
  await sender.post(at(chat), { text: 'all', isQuiet: true, file: { name: 'answer.md', text: 'all' } });
  expect(emulator.shown(chat.id).map(({ silent }) => silent)).toEqual([false, true, true]);
});
