import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createStand, homes, type Stand } from './stand.ts';

describe.each(homes)('the bridge on $home, where people press', ({ home }) => {
  let stand: Stand;
  beforeEach(async () => {
    stand = await createStand(home);
  });
  afterEach(() => stand.endAndInspect());

  const speakAtLength = () =>
    stand.coze.answer({ steps: [{ say: Array(600).fill('on and on '), everyMs: 50 }] });
  const canceled = () => stand.coze.chats().every(({ status }) => status === 'canceled');

  /** The button of that kind under the bot's newest message, once it has one. */
  async function button(
    kind: 'stop' | 'ask',
    chat: { id: number; buttons(id: number): { data: string | undefined }[] },
  ) {
    const find = () => {
      const { messageId = 0 } = stand.telegram.shown(chat.id).at(-1) ?? {};
      const data = chat.buttons(messageId).find((one) => one.data?.startsWith(`${kind}/`))?.data;
      return data === undefined ? undefined : { messageId, data };
    };
    await stand.telegram.until(() => find() !== undefined, 15_000);
    return find() ?? expect.fail('the button has gone');
  }

  test('Stop under a growing answer stops it, and whoever pressed is told', async () => {
    speakAtLength();
    await stand.launch();
    const chat = stand.telegram.privateChat();
    chat.say('tell me a long story');
    const { messageId, data } = await button('stop', chat);
    const { answer } = chat.press(messageId, data);
    await stand.texts(chat, ([text]) => text?.endsWith('Stopped.'));
    await stand.telegram.until(() => answer() !== undefined && canceled(), 15_000);
    expect(answer()?.text).toContain('Stopping');
    expect(chat.buttons(messageId)).toEqual([]);
  });

  test('in a group, Stop is for who asked and for administrators', async () => {
    speakAtLength();
    await stand.launch();
    const { telegram } = stand;
    const group = telegram.group();
    const [asker, other, admin] = [telegram.person(), telegram.person(), telegram.person()];
    group.promote(admin);
    group.as(asker).say(`@${telegram.bot.user.username} tell me a long story`);
    const { messageId, data } = await button('stop', group);
    const refused = group.as(other).press(messageId, data);
    await telegram.until(() => refused.answer() !== undefined, 15_000);
    expect(refused.answer()?.text).toContain('Only who asked');
    group.as(admin).press(messageId, data);
    await stand.texts(group, ([text]) => text?.endsWith('Stopped.'));
    await telegram.until(canceled, 15_000);
  });

  test('/stop stops it as well', async () => {
    speakAtLength();
    await stand.launch();
    const chat = stand.telegram.privateChat();
    chat.say('tell me a long story');
    await stand.texts(chat, ([text]) => text?.includes('on and on'));
    chat.say('/stop');
    await stand.texts(chat, ([text]) => text?.endsWith('Stopped.'));
    await stand.telegram.until(canceled, 15_000);
  });

  test('a suggestion is asked by its button, once for two taps', async () => {
    stand.coze.answer(({ text }) => ({ steps: [{ say: `answer to ${text}` }], followUps: ['Why is that?'] }));
    await stand.launch();
    const chat = stand.telegram.privateChat();
    chat.say('what is new?');
    const { messageId, data } = await button('ask', chat);
    const presses = [chat.press(messageId, data), chat.press(messageId, data)];
    await stand.texts(chat, (texts) => texts.some((text) => text.includes('answer to Why is that?')));
    await stand.telegram.until(() => presses.every(({ answer }) => answer() !== undefined), 15_000);
    expect(stand.questions().map(({ text }) => text)).toEqual(['what is new?', 'Why is that?']);
  });

  test('as drafts an answer grows, and becomes one message', async () => {
    const words = Array.from({ length: 60 }, (_, index) => `word${index} `);
    stand.coze.answer({ steps: [{ say: words, everyMs: 50 }] });
    await stand.launch({ TELEGRAM_STREAM: 'draft' });
    const chat = stand.telegram.privateChat();
    chat.say('hello');
    await stand.texts(chat, ([text]) => text?.endsWith('word59'));
    const drafts = stand.telegram.drafts(chat.id);
    expect(drafts.flatMap(({ history }) => history).length).toBeGreaterThanOrEqual(4);
    expect(drafts.filter(({ visible }) => visible)).toEqual([]);
    expect(stand.telegram.shown(chat.id)).toHaveLength(1);
    expect(stand.telegram.shown(chat.id)[0]?.history).toHaveLength(1);
  });

  test('on a server without drafts its message grows instead', async () => {
    const words = Array.from({ length: 60 }, (_, index) => `word${index} `);
    stand.coze.answer({ steps: [{ say: words, everyMs: 50 }] });
    const method = 'sendMessageDraft';
    stand.telegram.fault(
      { kind: 'refuse', code: 404, description: 'Not Found: method not found', method },
      99,
    );
    await stand.launch({ TELEGRAM_STREAM: 'draft' });
    const chat = stand.telegram.privateChat();
    chat.say('hello');
    await stand.texts(chat, ([text]) => text?.endsWith('word59'));
    expect(stand.telegram.calls.filter((call) => call.method === method)).toHaveLength(1);
    expect(stand.telegram.shown(chat.id)).toHaveLength(1);
    expect(stand.telegram.shown(chat.id)[0]?.history.length).toBeGreaterThan(2);
  });

  test('the Stop of a draft stops the answer, and what there was becomes a message', async () => {
    speakAtLength();
    await stand.launch({ TELEGRAM_STREAM: 'draft' });
    const chat = stand.telegram.privateChat();
    chat.say('tell me a long story');
    await stand.telegram.until(() => stand.telegram.drafts(chat.id).some(({ canStop }) => canStop), 15_000);
    chat.stopDraft();
    const [text] = await stand.texts(chat, ([shown]) => shown?.endsWith('Stopped.'));
    expect(text).toContain('on and on');
    await stand.telegram.until(canceled, 15_000);
  });
});
