import { expect, onTestFinished, test } from 'vitest';
import { createStand } from './stand.ts';

const words = Array.from({ length: 40 }, (_, index) => `word${index} `);
const steps = [
  { say: ['# Title\n\n', '| a | b |\n', '|---|---|\n', '| 1 | 2 |\n\n', ...words], everyMs: 50 },
];

test.each([
  { richMessages: true, server: 'on a server that has them' },
  { richMessages: false, server: 'on one that has none' },
])('an answer as a rich message, $server', async ({ richMessages }) => {
  const stand = await createStand('embedded', {}, { richMessages });
  onTestFinished(() => stand.endAndInspect());
  stand.coze.answer({ steps });
  await stand.launch({ TELEGRAM_FORMAT: 'rich' });
  const chat = stand.telegram.privateChat();
  chat.say('hello');
  await stand.texts(chat, ([text]) => text?.endsWith('word39'));
  const [shown, ...more] = stand.telegram.shown(chat.id);
  expect(more).toEqual([]);
  expect(shown?.history.length).toBeGreaterThan(2);
  if (richMessages) expect(shown?.rich?.markdown).toContain('| 1 | 2 |');
  else expect(shown).toMatchObject({ rich: undefined, entities: [{ type: 'bold' }, { type: 'pre' }] });
  const refused = stand.telegram.calls.filter(({ reply }) => reply?.ok === false);
  expect(refused).toHaveLength(richMessages ? 0 : 1);
});
