import { expect, test } from 'vitest';
import { MessageGone, RateLimited, TargetGone } from '../../../src/core/errors.ts';
import { failure, startSending } from './sending.ts';

const file = { name: 'answer.md', text: '# 说明\n\nAll of it. 🚀\n' };

test('a file is sent with its words, their entities and its buttons, as a reply', async () => {
  const { emulator, sender, at } = await startSending();
  const group = emulator.group();
  const { message_id } = group.say('at length, please');
  const bold = { type: 'bold', offset: 0, length: 3 };
  const target = at(group, { replyTo: String(message_id) });
  const buttons = [{ label: 'Why?', data: 'ask/t_1/0' }];
  const ref = await sender.post(target, { text: 'All of it', format: { entities: [bold] }, buttons, file });
  const [shown] = emulator.shown(group.id);
  expect(shown).toMatchObject({ text: 'All of it', entities: [bold], replyTo: message_id });
  expect(shown?.document).toMatchObject({ fileName: 'answer.md', content: file.text });
  expect(ref).toEqual({ target, id: String(shown?.messageId) });
  expect(group.buttons(Number(ref.id))).toHaveLength(1);
});

test('a file goes into the topic it is meant for, and nowhere else', async () => {
  const { emulator, sender, at } = await startSending();
  const forum = emulator.forum();
  const topic = forum.topic('News');
  const target = at(forum, { thread: String(topic.id) });
  await sender.post(target, { text: '', file });
  expect(emulator.shown(forum.id, topic.id)).toMatchObject([
    { text: '', document: { fileName: 'answer.md' } },
  ]);
  topic.close();
  expect(await failure(sender.post(target, { text: '', file }))).toBeInstanceOf(TargetGone);
});

test('too many words are cut between characters, with the entities that are left', async () => {
  const { emulator, sender, at } = await startSending();
  const chat = emulator.privateChat();
  const entities = [
    { type: 'bold', offset: 1_000, length: 100 },
    { type: 'italic', offset: 1_030, length: 5 },
  ];
  await sender.post(at(chat), { text: `${'x'.repeat(1_023)}${'🚀'.repeat(50)}`, format: { entities }, file });
  expect(emulator.shown(chat.id)).toMatchObject([
    { text: 'x'.repeat(1_023), entities: [{ type: 'bold', offset: 1_000, length: 23 }] },
  ]);
});

test.each(['message caption is too long', 'MEDIA_CAPTION_TOO_LONG'])(
  'when Telegram says "%s", the file arrives without its words',
  async (reason) => {
    const { emulator, sender, at } = await startSending();
    const chat = emulator.privateChat();
    emulator.fault({ kind: 'refuse', code: 400, description: `Bad Request: ${reason}` });
    await sender.post(at(chat), { text: 'All of it', file });
    expect(emulator.shown(chat.id)).toMatchObject([{ text: '', document: { content: file.text } }]);
  },
);

test.each([
  ['说明 (1).md', '说明_1_.md'],
  ['a\r\nb";x=y.md', 'a_b_x_y.md'],
  ['../../etc/passwd', '.._.._etc_passwd'],
  ['', 'answer.txt'],
  ['…', 'answer.txt'],
])('a file named %j arrives as %j', async (name, shown) => {
  const { emulator, sender, at } = await startSending();
  const chat = emulator.privateChat();
  await sender.post(at(chat), { text: '', file: { name, text: 'x' } });
  expect(emulator.shown(chat.id)[0]?.document?.fileName).toBe(shown);
});

test('a file is not edited; a text does not take its place', async () => {
  const { emulator, sender, at, methods } = await startSending();
  const ref = await sender.post(at(emulator.privateChat()), { text: 'All of it', file });
  await sender.edit(ref, { text: 'All of it', file });
  expect(methods()).toEqual(['sendDocument']);
  expect(await failure(sender.edit(ref, { text: 'instead' }))).toBeInstanceOf(MessageGone);
});

test('a rate limit of a file says how long to wait', async () => {
  const { emulator, sender, at } = await startSending();
  emulator.fault({ kind: 'refuse', code: 429, retryAfter: 17 });
  const error = await failure(sender.post(at(emulator.privateChat()), { text: '', file }));
  expect(error).toBeInstanceOf(RateLimited);
  expect(error).toHaveProperty('retryAfterMs', 17_000);
});
