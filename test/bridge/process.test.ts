import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { redisServer, startRedisServer } from '../redis/server.ts';
import { createLaunchpad, type Launchpad } from '../support/bridge-process.ts';
import { createStand, type Stand } from './stand.ts';

describe('the demo', () => {
  let launchpad: Launchpad;
  beforeEach(() => {
    launchpad = createLaunchpad();
  });
  afterEach(() => launchpad.clear());

  test('answers what comes through a pipe, and ends after the last answer with status 0', async () => {
    const bridge = launchpad.launch({});
    bridge.write('hello\nwhat did I say?\n');
    bridge.endInput();
    expect(await bridge.ended()).toBe(0);
    const [first, second] = bridge.said().split('🚀\n');
    expect(first).toMatch(/^You said: hello\n/);
    expect(second).toMatch(/^You said: what did I say\?\n[\s\S]*2 earlier messages/);
  });

  test.each(['reset', '/reset'])('%s starts a new conversation, and exit leaves', async (word) => {
    const bridge = launchpad.launch({});
    bridge.write('hello\n');
    await bridge.until(() => bridge.said().includes('🚀\n'));
    bridge.write(`${word}\n`);
    await bridge.until(() => bridge.said().includes('new conversation'));
    bridge.write('do you remember?\nexit\nnot this\n');
    expect(await bridge.ended()).toBe(0);
    expect(bridge.said()).toMatch(/do you remember\?\n\nThis is our first exchange/);
    expect(bridge.said()).not.toContain('not this');
  });

  test('takes the lines of a script one after the other', async () => {
    const bridge = launchpad.launch({});
    bridge.write('hello\nreset\nhello again\n');
    bridge.endInput();
    expect(await bridge.ended()).toBe(0);
    const answers = [...bridge.said().matchAll(/You said: (.*)|new conversation|first exchange/g)].map(
      ([match]) => match,
    );
    expect(answers).toEqual([
      'You said: hello',
      'first exchange',
      'new conversation',
      'You said: hello again',
      'first exchange',
    ]);
  });

  test('says in the log that it is the demo, and what to set', async () => {
    const bridge = launchpad.launch({});
    bridge.endInput();
    await bridge.ended();
    expect(bridge.log()).toMatch(/demo.*COZE_API_TOKEN.*TELEGRAM_BOT_TOKEN/);
    expect(bridge.said()).toBe('');
  });
});

test('what is set wrong is named all at once, and nothing starts', async () => {
  const launchpad = createLaunchpad();
  onTestFinished(() => launchpad.clear());
  const bridge = launchpad.launch({ TELEGRAM_BOT_TOKEN: 'abc', COZE_BOT_ID: 'x', ROLE: 'worker' });
  expect(await bridge.ended()).toBe(1);
  const { msg, mistakes } = JSON.parse(bridge.log());
  expect(msg).toMatch(/cannot start/);
  expect(mistakes.map((mistake: string) => mistake.split(':')[0])).toEqual([
    'COZE_API_TOKEN',
    'COZE_BOT_ID',
    'TELEGRAM_BOT_TOKEN',
    'REDIS_URL',
  ]);
});

describe('a process that is told to end', () => {
  let stand: Stand;
  beforeEach(async () => {
    stand = await createStand('embedded');
  });
  afterEach(() => stand.endAndInspect());

  async function answering(words: number) {
    stand.coze.answer({
      steps: [{ say: Array.from({ length: words }, (_, index) => `word${index} `), everyMs: 50 }],
    });
    const bridge = await stand.launch();
    const chat = stand.telegram.privateChat();
    chat.say('hello');
    await stand.texts(chat, (texts) => texts[0]?.includes('word5'));
    return { bridge, chat };
  }

  test('takes nothing new, lets the running answer end, and leaves with status 0', async () => {
    const { bridge, chat } = await answering(60);
    const ended = bridge.stop('SIGTERM');
    chat.say('one more');
    expect(await ended).toBe(0);
    expect(stand.telegram.shown(chat.id).map(({ text }) => text)).toEqual([expect.stringMatching(/word59$/)]);
    await stand.launch();
    await stand.texts(chat, (texts) => texts.length === 2);
    expect(stand.questions().map(({ text }) => text)).toEqual(['hello', 'one more']);
  });

  test('goes at once at the second signal, and the next process finishes the answer', async () => {
    const { bridge, chat } = await answering(100);
    void bridge.stop('SIGINT');
    await bridge.until(() => bridge.log().includes('"msg":"stopping"'));
    expect(await bridge.stop('SIGINT')).toBe(1);
    await stand.launch();
    await stand.texts(chat, (texts) => texts[0]?.endsWith('word99'));
    expect(stand.questions()).toHaveLength(1);
  });
});

test.runIf(redisServer.available)('gateway and worker share the work through Redis', async () => {
  const stand = await createStand('redis');
  onTestFinished(() => stand.endAndInspect());
  const gateway = await stand.launch({ ROLE: 'gateway' });
  const chat = stand.telegram.privateChat();
  chat.say('is anybody there?');
  chat.say('hello?');
  await stand.telegram.until(() =>
    stand.telegram.calls.some(({ method, params }) => method === 'getUpdates' && Number(params.offset) > 0),
  );
  await stand.launch({ ROLE: 'worker' });
  await stand.texts(chat, (texts) => texts[1]?.includes('🚀'));
  expect(stand.questions().map(({ text }) => text)).toEqual(['is anybody there?', 'hello?']);
  expect(gateway.log()).not.toContain('"msg":"turn"');
});

test.runIf(redisServer.available)('a Redis that evicts keys is refused in words', async () => {
  const redis = await startRedisServer({ maxmemory: '100mb', 'maxmemory-policy': 'allkeys-lru' });
  const launchpad = createLaunchpad();
  onTestFinished(async () => {
    await launchpad.clear();
    await redis.remove();
  });
  const bridge = launchpad.launch({
    COZE_API_TOKEN: 'pat_x',
    COZE_BOT_ID: '7300000000000000001',
    REDIS_URL: redis.url,
  });
  expect(await bridge.ended()).toBe(1);
  expect(bridge.log()).toMatch(/noeviction/);
});
