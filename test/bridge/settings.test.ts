import { afterEach, beforeEach, expect, test } from 'vitest';
import { createStand, type Stand } from './stand.ts';

let stand: Stand;
beforeEach(async () => {
  stand = await createStand('embedded');
});
afterEach(() => stand.endAndInspect());

test('COZE_SAVE_HISTORY=false: Coze keeps nothing, and an answer that broke off is told of', async () => {
  await stand.launch({ COZE_SAVE_HISTORY: 'false' });
  stand.coze.answer({ steps: [{ say: ['The beginning of an answer'] }, { waitMs: 300 }, { cut: 'end' }] });
  const chat = stand.telegram.privateChat();
  chat.say('hello');
  const [text] = await stand.texts(chat, (texts) => texts[0]?.includes('⚠️'));
  expect(text).toMatch(/^The beginning of an answer\n\n⚠️ The answer broke off/);
  expect(stand.questions().map(({ body }) => body.auto_save_history)).toEqual([false]);
  expect(stand.coze.conversations().map(({ remembered }) => remembered)).toEqual([[]]);
});

test.each([
  ['shared', 1],
  ['personal', 2],
])(
  'GROUP_CONTEXT=%s: two people of a group have %i conversations, and each a user id of their own',
  async (context, count) => {
    await stand.launch({ GROUP_CONTEXT: context });
    const group = stand.telegram.group();
    const mention = `@${stand.telegram.bot.user.username}`;
    stand.coze.answer(({ text }) => ({ steps: [{ say: `answer to ${text}` }] }));
    group.say(`${mention} apples`);
    await stand.texts(group, (texts) => texts[0] === 'answer to apples');
    group.say(`${mention} oranges`, { from: stand.telegram.person({ name: 'Bob' }) });
    await stand.texts(group, (texts) => texts[1] === 'answer to oranges');
    expect(new Set(stand.questions().map(({ conversationId }) => conversationId)).size).toBe(count);
    expect(new Set(stand.questions().map(({ userId }) => userId)).size).toBe(2);
  },
);
