import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CozeEmulatorOptions } from '../../emulators/coze/index.ts';
import { createApp } from '../support/oauth-app.ts';
import { cozeToken, createStand, type Stand } from './stand.ts';

const { atCoze, ours } = createApp();
const tokenPath = '/api/permission/oauth2/token';

let stand: Stand;
let folder: string;
let env: Record<string, string>;
type Chat = ReturnType<Stand['telegram']['privateChat']>;
const logs: (() => string)[] = [];

async function open(options: CozeEmulatorOptions = {}): Promise<void> {
  stand = await createStand('embedded', { oauth: { apps: [atCoze] }, ...options });
  stand.coze.answer(({ text, context }) => ({ steps: [{ say: `${text} after ${context.length}.` }] }));
}

/** The bridge with the OAuth app in place of the token. */
async function launch(more: Record<string, string> = {}) {
  const bridge = await stand.launch({ ...env, ...more });
  logs.push(bridge.log);
  return bridge;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'coze-bridge-oauth-'));
  const file = join(folder, 'coze_key');
  writeFileSync(file, ours.privateKey);
  env = {
    COZE_API_TOKEN: '',
    COZE_OAUTH_APP_ID: ours.appId,
    COZE_OAUTH_KEY_ID: ours.keyId,
    COZE_OAUTH_PRIVATE_KEY_FILE: file,
  };
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await stand.endAndInspect();
  const log = logs
    .splice(0)
    .map((read) => read())
    .join('');
  for (const line of ours.privateKey.split('\n').slice(1, -2)) expect(log).not.toContain(line);
  expect(log).not.toMatch(/czs_|eyJ/);
});

const calls = (path: RegExp) => stand.coze.requests.filter((request) => path.test(request.path));
const tokenCalls = () => calls(new RegExp(tokenPath));
const refused = () => stand.coze.requests.flatMap(({ code }) => (code ? code : []));
const accounts = () => stand.coze.conversations().map(({ account }) => account.replace(`${ours.appId}/`, ''));
const cleared = () => calls(/\/clear$/).map(({ code }) => code);

/** Says it, and waits for exactly this below what is shown already. */
async function exchange(chat: Chat, said: string, answer: string): Promise<void> {
  chat.say(said);
  await stand.texts(chat, (texts) => texts.at(-1) === answer);
}

describe('the bridge with an OAuth app', () => {
  test('answers one question after the other with one token', async () => {
    await open();
    await launch();
    for (const _ of [1, 2]) await exchange(stand.telegram.privateChat(), 'hello', 'hello after 0.');
    expect(tokenCalls()).toHaveLength(1);
    expect(accounts()).toEqual(['', '']);
  });

  test('takes the key from a variable, as .env files have it', async () => {
    await open();
    const COZE_OAUTH_PRIVATE_KEY = `"${ours.privateKey.replaceAll('\n', '\\n')}"`;
    await launch({ COZE_OAUTH_PRIVATE_KEY_FILE: '', COZE_OAUTH_PRIVATE_KEY });
    await exchange(stand.telegram.privateChat(), 'hello', 'hello after 0.');
  });

  test('has a new token when Coze refuses the old one, and the reader notices nothing', async () => {
    await open({ badToken: '700012006' });
    await launch();
    const chat = stand.telegram.privateChat();
    await exchange(chat, 'hello', 'hello after 0.');
    stand.coze.revokeTokens();
    await exchange(chat, 'are you there?', 'are you there? after 2.');
    expect(tokenCalls()).toHaveLength(2);
    expect(stand.coze.chats()).toHaveLength(2);
  });

  test('waits out a Coze that gives no tokens for a moment', async () => {
    await open();
    await launch();
    stand.coze.fault({ on: tokenPath, reply: 'html', status: 502 });
    await exchange(stand.telegram.privateChat(), 'hello', 'hello after 0.');
  });

  test('tells the reader that it is not let in, and the log why', async () => {
    await open({ oauth: { apps: [{ ...atCoze, off: true }] } });
    const bridge = await launch();
    const chat = stand.telegram.privateChat();
    chat.say('hello');
    await stand.texts(chat, (texts) => texts[0]?.includes('OAuth app'));
    await bridge.until(() => bridge.log().includes('"msg":"turn"'));
    expect(bridge.log()).toMatch(
      /"kind":"token".*"said":"the OAuth app is refused: access_deny: app is currently/,
    );
  });

  test('asks on in a new conversation, once, when it is let in as somebody else than before', async () => {
    await open({ tokens: [cozeToken] });
    const before = await stand.launch();
    const [one, two] = [stand.telegram.privateChat(), stand.telegram.privateChat()];
    for (const chat of [one, two]) await exchange(chat, 'hello', 'hello after 0.');
    await before.stop();
    await launch({ COZE_OAUTH_SESSION: 'per-user' });
    await exchange(one, 'again', 'again after 0.');
    await exchange(one, 'and now', 'and now after 2.');
    expect(refused()).toEqual([4002]);
    // What cannot be cleared in the other's name stays there, and nobody comes back to it.
    await exchange(two, '/reset', 'Done: this is a new conversation, and what was said before is forgotten.');
    await expect.poll(cleared).toEqual([4002]);
    await exchange(two, 'again', 'again after 0.');
    expect(stand.coze.conversations()).toHaveLength(4);
  });
});

describe('with a session for each person', () => {
  beforeEach(() => {
    env = { ...env, COZE_OAUTH_SESSION: 'per-user' };
  });

  test('two people are two users to Coze, in private and in a group, each the same one in both', async () => {
    await open();
    await launch();
    const people = ['Ada', 'Bob'].map((name) => stand.telegram.person({ name }));
    const group = stand.telegram.group();
    for (const person of people) {
      await exchange(stand.telegram.privateChat(person), 'hello', 'hello after 0.');
      group.say(`@${stand.telegram.bot.user.username} I am ${person.first_name}`, { from: person });
      await stand.texts(group, (texts) => texts.at(-1) === `I am ${person.first_name} after 0.`);
    }
    const userIds = stand.questions().map(({ userId }) => userId);
    expect(accounts()).toEqual(userIds);
    expect(new Set(userIds).size).toBe(2);
    expect(tokenCalls()).toHaveLength(2);
  });

  test('a topic is one of its own, whoever asks there or resets it', async () => {
    await open();
    await launch();
    const forum = stand.telegram.forum();
    const topic = forum.topic('Plans');
    const bot = stand.telegram.bot.user.username;
    const bob = stand.telegram.person({ name: 'Bob' });
    const last = (text: string) => stand.texts(forum, (texts) => texts.at(-1)?.startsWith(text));
    topic.say(`@${bot} hello`);
    await last('hello after 0.');
    topic.say(`@${bot} me too`, { from: bob });
    await last('me too after 2.');
    topic.say(`/reset@${bot}`, { from: bob });
    await last('Done');
    await expect.poll(cleared).toEqual([0]);
    topic.say(`@${bot} and now`);
    await last('and now after 0.');
    expect(accounts()).toEqual([expect.stringMatching(/^s_/), accounts()[0]]);
    expect(stand.coze.conversations()[0]?.remembered).toEqual([]);
    expect(refused()).toEqual([]);
  });

  test('a running answer is stopped where it runs', async () => {
    await open();
    await launch();
    stand.coze.answer({ steps: [{ say: Array(600).fill('on and on '), everyMs: 50 }] });
    const chat = stand.telegram.privateChat();
    chat.say('tell me a long story');
    await stand.texts(chat, (texts) => texts[0]?.includes('on and on'));
    chat.say('/reset');
    await stand.texts(chat, (texts) => texts[0]?.endsWith('Stopped.'));
    expect(stand.coze.chats().map(({ status }) => status)).toEqual(['canceled']);
    await expect.poll(cleared).toEqual([0]);
    expect(refused()).toEqual([]);
  });

  test('a process killed in the middle of an answer: the next one finds it in the same session', async () => {
    await open();
    const first = await launch();
    const words = Array.from({ length: 60 }, (_, index) => `word${index} `);
    stand.coze.answer({ steps: [{ say: words, everyMs: 50 }] });
    const chat = stand.telegram.privateChat();
    chat.say('hello');
    await stand.texts(chat, (texts) => texts[0]?.includes('word10'));
    await first.stop('SIGKILL');
    await launch();
    const texts = await stand.texts(chat, (shown) => shown[0]?.endsWith('word59'));
    expect(texts).toEqual([words.join('').trim()]);
    expect(stand.questions()).toHaveLength(1);
    expect(calls(/\/v3\/chat\/retrieve/).length).toBeGreaterThan(0);
    expect(refused()).toEqual([]);
    expect(tokenCalls()).toHaveLength(2);
  });
});
