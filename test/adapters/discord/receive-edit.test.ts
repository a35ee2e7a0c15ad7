import { afterEach, expect, test } from 'vitest';
import { createNotes } from '../../support/notes.ts';
import { checkAndStop, startHearing } from './listening.ts';

afterEach(checkAndStop);

test('an edit is heard after what was said before it, and what Discord adds to a message is not', async () => {
  const { emulator, heard } = await startHearing();
  const dm = emulator.dm();
  const { id } = dm.say('see https://example.com');
  dm.unfurl(id);
  dm.say('and this');
  dm.edit(id, 'see nothing');
  dm.unfurl(id);
  dm.say('last');
  await emulator.until(() => heard.some(({ text }) => text === 'last'));
  const [question, , edit, again] = heard;
  expect(heard.map(({ text, edits }) => `${text}${edits ? ' (edited)' : ''}`)).toEqual([
    'see https://example.com',
    'and this',
    'see nothing (edited)',
    // The same edit once more: known by its id.
    'see nothing (edited)',
    'last',
  ]);
  expect(edit?.edits).toEqual({ id: question?.id, sentAt: question?.sentAt });
  expect(again?.id).toBe(edit?.id);
});

test('an edit of the bot’s own messages is not heard', async () => {
  const { emulator, heard } = await startHearing();
  const dm = emulator.dm();
  const { id } = dm.say('answer', { from: emulator.bot.user });
  dm.edit(id, 'longer answer');
  dm.say('thanks');
  await emulator.until(() => heard.length > 0);
  expect(heard.map(({ text }) => text)).toEqual(['thanks']);
});

test('a message that was edited while nobody listened is heard as it reads now, once', async () => {
  const notes = createNotes();
  const first = await startHearing({ notes });
  const { emulator } = first;
  const dm = emulator.dm();
  dm.say('hello');
  await emulator.until(() => first.heard.length === 1);
  await first.stop();
  const { id } = dm.say('qestion');
  dm.edit(id, 'question');
  const { heard } = await startHearing({ emulator, notes });
  await emulator.until(() => heard.length === 1);
  expect(heard[0]).toMatchObject({ text: 'question', id: expect.stringContaining(id) });
  expect(heard[0]?.edits).toBeUndefined();
});
