import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createStand, homes, type Stand } from './stand.ts';

describe.each(homes)('the bridge on $home, from Telegram to Coze and back', ({ home }) => {
  let stand: Stand;
  beforeEach(async () => {
    stand = await createStand(home);
  });
  afterEach(() => stand.endAndInspect());

  test('answers a private message whole, growing in place', async () => {
    const words = Array.from({ length: 100 }, (_, index) => `word${index} `);
    stand.coze.answer({ steps: [{ say: words, everyMs: 50 }] });
    await stand.launch();
    const chat = stand.telegram.privateChat();
    chat.say('hello');
    const [text = ''] = await stand.texts(chat, (texts) => texts[0]?.endsWith('word99'));
    expect(text).toBe(words.join('').trim());
    const [{ history } = { history: [] }] = stand.telegram.shown(chat.id);
    expect(history.length).toBeGreaterThanOrEqual(5);
    expect(history.filter(({ text: earlier }) => !text.startsWith(earlier))).toEqual([]);
    expect(stand.telegram.typing(chat.id).length).toBeGreaterThan(0);
  });

  test('keeps the conversation, sends only what is new, and keeps it over a restart', async () => {
    const first = await stand.launch();
    const chat = stand.telegram.privateChat();
    chat.say('my name is Ada');
    await stand.texts(chat, (texts) => texts[0]?.includes('🚀'));
    expect(await first.stop()).toBe(0);
    await stand.launch();
    chat.say('who am I?');
    const [, text] = await stand.texts(chat, (texts) => texts[1]?.includes('🚀'));
    expect(text).toContain('2 earlier messages');
    const [one, two] = stand.questions();
    expect(two).toMatchObject({
      text: 'who am I?',
      conversationId: one?.conversationId,
      userId: one?.userId,
    });
  });

  test('never mixes two people, and tells Coze neither who they are nor where', async () => {
    await stand.launch();
    const people = ['Ada', 'Bob'].map((name) => stand.telegram.person({ name, locale: 'zh-hans' }));
    const chats = people.map((person) => stand.telegram.privateChat(person));
    for (const chat of chats) chat.say('hello');
    for (const chat of chats) await stand.texts(chat, (texts) => texts[0]?.includes('🚀'));
    const [one, two] = stand.questions();
    expect(one?.conversationId).not.toBe(two?.conversationId);
    expect(one?.userId).not.toBe(two?.userId);
    expect(stand.questions().map(({ body }) => body.custom_variables)).toEqual(
      expect.arrayContaining([{ user_name: 'Ada', platform: 'telegram', locale: 'zh-hans' }]),
    );
    expect(people.filter(({ id }) => JSON.stringify(stand.questions()).includes(String(id)))).toEqual([]);
  });

  test('answers five messages of a burst in their order', async () => {
    await stand.launch();
    const chat = stand.telegram.privateChat();
    stand.coze.answer(({ text }) => ({ steps: [{ say: `answer to ${text}` }] }));
    const asked = ['one', 'two', 'three', 'four', 'five'];
    for (const text of asked) chat.say(text);
    const texts = await stand.texts(chat, (shown) => shown[4] === 'answer to five');
    expect(texts).toEqual(asked.map((text) => `answer to ${text}`));
    expect(stand.questions().map(({ text }) => text)).toEqual(asked);
  });

  test('shows an answer of 20,000 characters whole and in order', async () => {
    await stand.launch({ LOG_LEVEL: 'info' });
    const long = Array.from({ length: 2_500 }, (_, index) => `w${String(index).padStart(6, '0')}`).join(' ');
    stand.coze.answer({ steps: [{ say: long.match(/.{1,200}/gs) ?? [], everyMs: 5 }] });
    const chat = stand.telegram.privateChat();
    chat.say('at length');
    const texts = await stand.texts(chat, (shown) => shown.at(-1)?.endsWith('w002499'));
    expect(texts.join(' ')).toBe(long);
    expect(texts.length).toBe(5);
  });

  test('in a group, answers who means it, as a reply, without the mention, and nobody else', async () => {
    await stand.launch();
    const group = stand.telegram.group({ privacy: false });
    group.say('nice weather');
    group.say('@somebody_else hello');
    const asked = group.say(`@${stand.telegram.bot.user.username} what is new?`);
    await stand.texts(group, (texts) => texts[0]?.includes('🚀'));
    expect(stand.questions().map(({ text }) => text)).toEqual(['what is new?']);
    expect(stand.telegram.shown(group.id)[0]?.replyTo).toBe(asked.message_id);
  });

  test('answers in the topic it was asked in', async () => {
    await stand.launch();
    const forum = stand.telegram.forum();
    const topic = forum.topic('Plans');
    const { message_thread_id: thread } = topic.say(`@${stand.telegram.bot.user.username} hello`);
    await stand.texts(forum, (texts) => texts[0]?.includes('🚀'));
    expect(stand.telegram.shown(forum.id).map(({ threadId }) => threadId)).toEqual([thread]);
  });

  test('a reset is answered at once, stops the running answer, and makes it forget', async () => {
    await stand.launch();
    const chat = stand.telegram.privateChat();
    stand.coze.answer({ steps: [{ say: Array(600).fill('on and on '), everyMs: 50 }] });
    chat.say('tell me a long story');
    await stand.texts(chat, (texts) => texts[0]?.includes('on and on'));
    chat.say('/reset');
    await stand.texts(
      chat,
      (texts) => texts.some((text) => text.includes('new conversation')) && texts[0]?.endsWith('Stopped.'),
    );
    expect(stand.coze.chats().map(({ status }) => status)).toEqual(['canceled']);
    stand.coze.answer(({ context }) => ({ steps: [{ say: `I remember ${context.length} messages.` }] }));
    chat.say('what do you remember?');
    await stand.texts(chat, (texts) => texts[2] === 'I remember 0 messages.');
  });

  test('what it cannot read gets a sentence, in the language of the reader', async () => {
    await stand.launch();
    const chat = stand.telegram.privateChat(stand.telegram.person({ locale: 'zh-hans' }));
    chat.send('voice');
    const [text] = await stand.texts(chat, (texts) => texts.length === 1);
    expect(text).toMatch(/文字/);
    expect(stand.questions()).toEqual([]);
  });

  test('a process killed in the middle of an answer: the next one finishes it, in place, without asking again', async () => {
    const first = await stand.launch();
    const words = Array.from({ length: 60 }, (_, index) => `word${index} `);
    stand.coze.answer({ steps: [{ say: words, everyMs: 50 }] });
    const chat = stand.telegram.privateChat();
    chat.say('hello');
    await stand.texts(chat, (texts) => texts[0]?.includes('word10'));
    await first.stop('SIGKILL');
    await stand.launch();
    const texts = await stand.texts(chat, (shown) => shown[0]?.endsWith('word59'));
    expect(texts).toEqual([words.join('').trim()]);
    expect(stand.questions()).toHaveLength(1);
  });
});
