import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PrivateChat } from '../../emulators/telegram/chats.ts';
import { createStand, type Stand } from './stand.ts';

describe('topics in a private chat', () => {
  let stand: Stand;
  let chat: PrivateChat;
  beforeEach(async () => {
    stand = await createStand('embedded', {}, { topics: true });
    chat = stand.telegram.privateChat();
  });
  afterEach(() => stand.endAndInspect());

  const shownIn = (thread: number | undefined) =>
    stand.telegram
      .shown(chat.id)
      .filter(({ threadId, deleted }) => threadId === thread && !deleted)
      .map(({ text }) => text);

  test('are conversations of their own, as is what is written outside of them', async () => {
    await stand.launch();
    stand.coze.answer(({ text, context }) => ({
      steps: [{ waitMs: 50 }, { say: `${text}, and I remember ${context.length}` }],
    }));
    const [trip, work] = [chat.topic('Trip'), chat.topic('Work')];
    const places = [trip, work, chat];
    const threads = [trip.id, work.id, undefined];
    for (const place of places) place.say('hello');
    await stand.texts(chat, (texts) => texts.length === 3 && texts.every((text) => text.endsWith('0')));
    for (const thread of threads) expect(shownIn(thread)).toEqual(['hello, and I remember 0']);
    trip.say('again');
    await stand.texts(chat, (texts) => texts[3]?.endsWith('2'));
    expect(shownIn(trip.id)).toEqual(['hello, and I remember 0', 'again, and I remember 2']);
    const [one, two, three, again] = stand.questions();
    expect(new Set([one, two, three].map((question) => question?.conversationId)).size).toBe(3);
    expect([one, two, three].map((question) => question?.conversationId)).toContain(again?.conversationId);
    // It is one person who speaks, wherever that is.
    expect(new Set(stand.questions().map(({ userId }) => userId)).size).toBe(1);
  });

  test('a reset is for its topic alone, and is answered there', async () => {
    await stand.launch();
    stand.coze.answer(({ text, context }) => ({ steps: [{ say: `${text}: ${context.length}` }] }));
    const [trip, work] = [chat.topic('Trip'), chat.topic('Work')];
    for (const topic of [trip, work]) topic.say('one');
    await stand.texts(chat, (texts) => texts.length === 2 && texts.every((text) => text.endsWith('0')));
    trip.say('/reset');
    await stand.texts(chat, (texts) => texts.length === 3);
    expect(shownIn(trip.id)[1]).toContain('new conversation');
    for (const topic of [trip, work]) topic.say('two');
    await stand.texts(chat, (texts) => texts.length === 5);
    expect(shownIn(trip.id)[2]).toBe('two: 0');
    expect(shownIn(work.id)).toEqual(['one: 0', 'two: 2']);
  });

  test('an answer whose topic has gone meanwhile is given in the chat', async () => {
    await stand.launch();
    stand.coze.answer({ steps: [{ waitMs: 1_500 }, { say: 'Here it is, the whole answer.' }] });
    const topic = chat.topic('Trip');
    topic.say('hello');
    await stand.telegram.until(() => stand.telegram.typing(chat.id).length > 0, 10_000);
    expect(stand.telegram.typing(chat.id)[0]?.threadId).toBe(topic.id);
    topic.remove();
    await stand.texts(chat, (texts) => texts[0]?.endsWith('answer.'));
    expect(shownIn(undefined)).toEqual(['Here it is, the whole answer.']);
  });

  test('an answer whose topic of a forum has gone meanwhile is told in the log and to nobody else', async () => {
    const bridge = await stand.launch();
    stand.coze.answer({ steps: [{ waitMs: 1_500 }, { say: 'This is for the members of the topic.' }] });
    const forum = stand.telegram.forum();
    const topic = forum.topic('Plans');
    topic.say(`@${stand.telegram.bot.user.username} hello`);
    await stand.telegram.until(() => stand.telegram.typing(forum.id).length > 0, 10_000);
    topic.remove();
    await bridge.until(() => bridge.log().includes('message thread not found'));
    await bridge.until(() => bridge.log().includes('"msg":"turn"'));
    expect(stand.telegram.shown(forum.id)).toEqual([]);
  });
});
