import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createStand, homes, type Stand } from './stand.ts';

const first = 'The first sentence of the answer. ';
const whole = `${first}And its end.`;

describe.each(homes)('the bridge on $home', ({ home }) => {
  let stand: Stand;
  beforeEach(async () => {
    stand = await createStand(home);
    stand.coze.answer({ steps: [{ say: [first] }, { waitMs: 1_500 }, { say: ['And its end.'] }] });
  });
  afterEach(() => stand.endAndInspect());

  const lists = () => stand.coze.requests.filter(({ path }) => path === '/v1/conversation/message/list');

  test('fetches the answer to a question that Coze took without a word', async () => {
    await stand.launch();
    stand.coze.fault({ on: 'POST /v3/chat', reply: 'drop', taken: true });
    const chat = stand.telegram.privateChat();
    chat.say('hello');
    expect(await stand.texts(chat, ([text]) => text === whole)).toEqual([whole]);
    expect(stand.coze.chats()).toHaveLength(1);
    expect(lists()).toHaveLength(1);
  });

  test('and of one whose worker was killed at that moment', async () => {
    const bridge = await stand.launch();
    stand.coze.fault({ on: 'POST /v3/chat', reply: 'hang', taken: true });
    const chat = stand.telegram.privateChat();
    chat.say('hello');
    await stand.telegram.until(() => stand.coze.chats().length === 1, 10_000);
    await bridge.stop('SIGKILL');
    await stand.launch();
    expect(await stand.texts(chat, ([text]) => text === whole)).toEqual([whole]);
    expect(stand.coze.chats()).toHaveLength(1);
  });

  test('finds a first post that Telegram made and did not tell of', async () => {
    await stand.launch();
    stand.telegram.fault({ kind: 'drop', landed: true, method: 'sendMessage' });
    const chat = stand.telegram.privateChat();
    chat.say('hello');
    expect(await stand.texts(chat, ([text]) => text === whole)).toEqual([whole]);
    expect(stand.telegram.shown(chat.id)).toHaveLength(1);
  });

  test('and one whose worker was killed before it was told, in a group where others are answered', async () => {
    const { telegram } = stand;
    const bridge = await stand.launch();
    const group = telegram.group({ kind: 'supergroup' });
    const bob = telegram.person({ name: 'Bob' });
    group.join(bob);
    const me = telegram.bot.user.username;
    telegram.fault({ kind: 'hang', method: 'sendMessage', landed: true, chat: group.id });
    group.say(`@${me} hello`);
    await telegram.until(() => telegram.shown(group.id).length === 1, 10_000);
    group.say(`@${me} and me?`, { from: bob });
    await telegram.until(() => telegram.shown(group.id).length === 2, 10_000);
    await bridge.stop('SIGKILL');
    await stand.launch();
    const texts = await stand.texts(group, (shown) => shown.every((text) => text === whole));
    expect(texts).toEqual([whole, whole]);
    expect(stand.coze.chats()).toHaveLength(2);
  });

  test('answers what was asked while Coze was away, in the message that said so', async () => {
    await stand.launch();
    stand.coze.fault({ on: '/v3/chat', reply: 'html', status: 502 }, 5);
    const chat = stand.telegram.privateChat();
    chat.say('hello');
    await stand.texts(chat, ([text]) => text?.includes('cannot be reached'));
    expect(await stand.texts(chat, ([text]) => text === whole)).toEqual([whole]);
  }, 60_000);

  test('rewrites its answer when the question is edited, also while it is answered', async () => {
    stand.coze.answer(({ text }) => ({
      steps: [{ say: [`The answer to ${text}. `] }, { waitMs: 1_000 }, { say: ['The end.'] }],
    }));
    await stand.launch();
    const chat = stand.telegram.privateChat();
    const { message_id } = chat.say('two and two');
    await stand.texts(chat, ([text]) => text?.startsWith('The answer'));
    chat.edit(message_id, 'two and three');
    await stand.texts(chat, ([text]) => text === 'The answer to two and three. The end.');
    // An edit has a date in seconds.
    await sleep(1_100);
    chat.edit(message_id, 'two and four');
    const texts = await stand.texts(chat, ([text]) => text === 'The answer to two and four. The end.');
    expect(texts).toHaveLength(1);
  });

  test('asks one question of the pieces of a long text, and of an album', async () => {
    await stand.launch();
    const chat = stand.telegram.privateChat();
    chat.say('x'.repeat(4_096));
    chat.say('and its rest');
    await stand.texts(chat, (texts) => texts.length === 1);
    await stand.texts(chat, ([text]) => text === whole);
    chat.send('photo', { mediaGroupId: '7' });
    chat.send('photo', { mediaGroupId: '7', caption: 'what are these?' });
    await stand.texts(chat, (texts) => texts.length === 2);
    expect(stand.questions().map(({ text }) => text)).toEqual([
      `${'x'.repeat(4_096)}\nand its rest`,
      'what are these?',
    ]);
  });
});
