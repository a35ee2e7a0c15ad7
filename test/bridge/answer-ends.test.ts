import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { redisServer } from '../redis/server.ts';
import { createStand, homes, type Stand } from './stand.ts';

let stand: Stand;
afterEach(() => stand.endAndInspect());

describe.each(homes)('the bridge on $home, at the end of an answer', ({ home }) => {
  beforeEach(async () => {
    stand = await createStand(home);
  });

  test('lands a final that had to wait long, though its worker was killed, and then the next answer', async () => {
    const { telegram, coze } = stand;
    const first = await stand.launch();
    const chat = telegram.privateChat();
    coze.answer(({ text }) => {
      if (text !== 'one') return { steps: [{ say: `The answer to ${text}.` }] };
      const steps = [{ say: ['The first sentence of it. '] }, { waitMs: 1_500 }, { say: ['The end of it.'] }];
      return { steps, followUps: ['And then?'] };
    });
    // As after a burst that was too much for Telegram: what it asks for is longer than a worker waits.
    telegram.fault({ kind: 'refuse', code: 429, retryAfter: 12, method: 'editMessageText' });
    chat.say('one');
    await telegram.until(() => telegram.calls.some(({ fault }) => fault === 'refuse'), 15_000);
    const refusedAt = Date.now();
    await sleep(1_000);
    await first.stop('SIGKILL');
    await stand.launch();
    chat.say('two');
    const texts = await stand.texts(chat, (shown) => shown.length === 2);
    expect(texts).toEqual(['The first sentence of it. The end of it.', 'The answer to two.']);
    // Nothing was asked twice, or fetched.
    expect(stand.questions().map(({ text }) => text)).toEqual(['one', 'two']);
    expect(coze.requests.filter(({ path }) => /retrieve|message.list/.test(path))).toEqual([]);
    // Nothing was sent there before Telegram wanted to hear again.
    const sent = telegram.calls.filter(({ chatId, at }) => chatId === chat.id && at > refusedAt + 300);
    expect(sent[0]?.at).toBeGreaterThan(refusedAt + 11_500);
    const { messageId = 0 } = telegram.shown(chat.id)[0] ?? {};
    expect(chat.buttons(messageId).map(({ text }) => text)).toEqual(['And then?']);
  });

  test('suggestions can be asked after a restart, by anyone who may talk to the bot', async () => {
    const { telegram, coze } = stand;
    coze.answer(({ text }) => ({ steps: [{ say: `answer to ${text}` }], followUps: ['Why is that?'] }));
    const first = await stand.launch();
    const group = telegram.group();
    group.say(`@${telegram.bot.user.username} what is new?`);
    const button = () => {
      const { messageId = 0 } = telegram.shown(group.id).at(-1) ?? {};
      const data = group.buttons(messageId)[0]?.data;
      return data?.startsWith('ask/') ? { messageId, data } : undefined;
    };
    await telegram.until(() => button() !== undefined, 15_000);
    await first.stop();
    await stand.launch();
    const { messageId = 0, data = '' } = button() ?? {};
    group.as(telegram.person({ name: 'Bob' })).press(messageId, data);
    const [, text] = await stand.texts(group, (texts) => texts[1]?.includes('answer to Why'));
    // Of what was pressed nobody sees anything else.
    expect(text).toBe('Why is that?\n\nanswer to Why is that?');
    expect(stand.questions()[1]?.userId).not.toBe(stand.questions()[0]?.userId);
  });

  test('an answer of too many messages goes on in a file that has all of it', async () => {
    const { telegram, coze } = stand;
    await stand.launch({ LONG_ANSWER_MESSAGES: '2' });
    const long = Array.from({ length: 300 }, (_, index) =>
      `Paragraph ${index}: ${'text '.repeat(8)}`.trim(),
    ).join('\n\n');
    coze.answer({ steps: [{ say: long.match(/.{1,500}/gs) ?? [], everyMs: 5 }] });
    const chat = telegram.privateChat();
    chat.say('at length');
    await telegram.until(() => telegram.shown(chat.id).some(({ document }) => document), 20_000);
    const shown = telegram.shown(chat.id);
    expect(shown).toHaveLength(3);
    expect(shown[2]?.text).toMatch(/too long for messages/);
    expect(shown[2]?.document).toMatchObject({ fileName: 'answer.md', content: long });
    expect(long.startsWith(shown[0]?.text.slice(0, 1_000) ?? '?')).toBe(true);
  });

  test('reasoning is hidden, or folded before the answer', async () => {
    const { telegram, coze } = stand;
    coze.answer({ steps: [{ think: 'Hm, let me think of it.' }, { say: 'It is **so**.' }] });
    const first = await stand.launch();
    const chat = telegram.privateChat();
    chat.say('hidden');
    await stand.texts(chat, ([text]) => text === 'It is so.');
    await first.stop();
    await stand.launch({ SHOW_REASONING: 'true' });
    chat.say('folded');
    await stand.texts(chat, (texts) => texts[1]?.endsWith('It is so.'));
    const { text = '', entities = [] } = telegram.shown(chat.id)[1] ?? {};
    const quote = entities.find(({ type }) => type === 'expandable_blockquote');
    expect(text.slice(quote?.offset, (quote?.offset ?? 0) + (quote?.length ?? 0))).toContain('let me think');
    expect(entities.map(({ type }) => type)).toEqual(['expandable_blockquote', 'bold']);
  });
});

describe.skipIf(!redisServer.available)('with gateway and workers apart', () => {
  beforeEach(async () => {
    stand = await createStand('redis');
  });

  test('Stop reaches the worker that has the answer', async () => {
    const { telegram, coze } = stand;
    coze.answer({ steps: [{ say: Array(600).fill('on and on '), everyMs: 50 }] });
    await Promise.all([
      stand.launch({ ROLE: 'gateway' }),
      stand.launch({ ROLE: 'worker' }),
      stand.launch({ ROLE: 'worker' }),
    ]);
    const chats = Array.from({ length: 4 }, () => telegram.privateChat(telegram.person()));
    for (const chat of chats) chat.say('tell me a long story');
    for (const chat of chats) {
      await stand.texts(chat, ([text]) => text?.includes('on and on'));
      const { messageId = 0 } = telegram.shown(chat.id)[0] ?? {};
      chat.press(messageId, chat.buttons(messageId)[0]?.data ?? '');
      await stand.texts(chat, ([text]) => text?.endsWith('Stopped.'));
    }
    await telegram.until(() => coze.chats().every(({ status }) => status === 'canceled'), 5_000);
  });
});
