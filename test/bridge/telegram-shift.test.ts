import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { redisServer } from '../redis/server.ts';
import { createStand, type Stand } from './stand.ts';

describe.runIf(redisServer.available)('two gateways that poll with one token', () => {
  let stand: Stand;
  beforeEach(async () => {
    stand = await createStand('redis');
    stand.coze.answer(({ text }) => ({ steps: [{ say: `answer to ${text}` }] }));
    await stand.launch({ ROLE: 'worker' });
  });
  afterEach(() => stand.endAndInspect());

  const asked = Array.from({ length: 8 }, (_, index) => `question ${index}`);
  const answers = asked.map((text) => `answer to ${text}`);
  const conflicts = () =>
    stand.telegram.calls.filter(({ reply }) => reply?.ok === false && reply.errorCode === 409);

  test('replaced one by the other: Telegram sees no conflict, nothing is lost, nothing said twice', async () => {
    const first = await stand.launch({ ROLE: 'gateway' });
    const chat = stand.telegram.privateChat();
    for (const text of asked.slice(0, 2)) chat.say(text);
    const second = await stand.launch({ ROLE: 'gateway' });
    expect(second.log()).toContain('this one takes over when it ends');
    for (const text of asked.slice(2, 4)) chat.say(text);
    const ended = first.stop();
    for (const text of asked.slice(4, 6)) chat.say(text);
    expect(await ended).toBe(0);
    for (const text of asked.slice(6)) chat.say(text);
    expect(await stand.texts(chat, (texts) => texts.length === asked.length)).toEqual(answers);
    expect(stand.questions().map(({ text }) => text)).toEqual(asked);
    expect(conflicts()).toEqual([]);
    expect(second.log()).toContain('the other process has ended');
  });

  test('killed, the one is waited out, and the other goes on where it was', async () => {
    const first = await stand.launch({ ROLE: 'gateway' });
    const second = await stand.launch({ ROLE: 'gateway' });
    const chat = stand.telegram.privateChat();
    for (const text of asked.slice(0, 4)) chat.say(text);
    await stand.texts(chat, (texts) => texts.length > 0);
    await first.stop('SIGKILL');
    for (const text of asked.slice(4)) chat.say(text);
    expect(second.log()).not.toContain('the other process has ended');
    await letLeaseEnd();
    expect(await stand.texts(chat, (texts) => texts.length === asked.length)).toEqual(answers);
    expect(stand.questions().map(({ text }) => text)).toEqual(asked);
    expect(conflicts()).toEqual([]);
  });

  /** As the time does of which it has been given a few seconds. */
  async function letLeaseEnd(): Promise<void> {
    const redis = new Redis(stand.env.REDIS_URL ?? '');
    const lease = `coze-bridge:lease:telegram:${stand.telegram.bot.user.id}`;
    expect(await redis.pttl(lease)).toBeGreaterThan(0);
    await redis.pexpire(lease, 1);
    redis.disconnect();
  }
});
