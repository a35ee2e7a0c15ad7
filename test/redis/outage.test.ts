import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Interrupt } from '../../src/core/ports/store.ts';
import { openRedisHome, type RedisHomeOptions } from '../../src/redis/home.ts';
import { openDesk, until } from '../contracts/desk.ts';
import { sampleMessage, sampleRecord } from '../contracts/samples.ts';
import { keepLog } from './log.ts';
import { redisServer, startRedisServer } from './server.ts';
import { linesOf } from './store.ts';

const secret = 'open-sesame';

async function useHome(times: Partial<RedisHomeOptions> = {}) {
  const server = await startRedisServer({ requirepass: secret, appendfsync: 'always' });
  onTestFinished(() => server.remove());
  const { log, lines } = keepLog();
  const home = await openRedisHome({
    url: server.url,
    log,
    lockMs: 1_500,
    stalledMs: 500,
    retryDelaysMs: [1],
    ...times,
  });
  onTestFinished(() => home.close());
  return { server, home, lines };
}

describe.skipIf(!redisServer.available)('while Redis is away', () => {
  test('nothing is lost, and work goes on by itself when it is back', async () => {
    const { server, home } = await useHome();
    const desk = openDesk(home.mailbox);
    for (const id of ['m1', 'm2']) await home.mailbox.put('k', sampleMessage(id));
    await home.mailbox.put('other', sampleMessage('o1'));
    const inHand = [await desk.next(), await desk.next()];
    const first = inHand.find((held) => held.id === 'm1');
    await first?.delivery.note(sampleRecord('1'));
    await server.kill();
    await until(() => inHand.every((held) => held.delivery.lost.aborted));
    await server.start();

    const again = [await desk.next(), await desk.next()];
    expect(again.map((held) => `${held.id}#${held.delivery.attempt}`).sort()).toEqual(['m1#2', 'o1#2']);
    expect(again.find((held) => held.id === 'm1')?.delivery.record).toEqual(sampleRecord('1'));
    for (const held of again) held.finish();
    (await desk.next()).finish();
    await home.mailbox.put('k', sampleMessage('m3'));
    (await desk.next()).finish();
    await desk.stop();
    expect(desk.taken.slice(4)).toEqual(['m2#1', 'm3#1']);
  });

  test('what is in hand goes on when it comes back in time, and what it notes and ends meanwhile is done then', async () => {
    const { server, home, lines } = await useHome({ lockMs: 10_000 });
    const desk = openDesk(home.mailbox);
    for (const id of ['m1', 'm2']) await home.mailbox.put('k', sampleMessage(id));
    await home.mailbox.put('other', sampleMessage('o1'));
    const [one, other] = [await desk.next(), await desk.next()];
    await server.kill();
    const noted = one.delivery.note(sampleRecord('1'));
    other.finish();
    await sleep(1_000);
    await server.start();
    await noted;
    one.delivery.assertHeld();
    one.finish();
    (await desk.next()).finish();
    await until(async () => (await home.mailbox.keys()).length === 0);
    await until(() => home.mailbox.put('other', sampleMessage('o2')).then(Boolean, () => false));
    (await desk.next()).finish();
    await desk.stop();
    expect([...desk.taken].sort()).toEqual(['m1#1', 'm2#1', 'o1#1', 'o2#1']);
    expect(lines.filter((line) => line.includes('redis is away'))).toHaveLength(1);
  });

  test('what waits for its rest, for its next attempt or as a dead letter is all there when it is back', async () => {
    const { server, home } = await useHome();
    const burying = openDesk(home.mailbox, { answer: () => Promise.reject(new Error('no')) });
    await home.mailbox.put('dead', sampleMessage('dead'));
    await until(() => burying.givenUp.length === 1);
    await burying.stop();
    const desk = openDesk(home.mailbox);
    await home.mailbox.put('late', sampleMessage('late'));
    (await desk.next()).fail(Object.assign(new Error('busy'), { retryAfterMs: 1_000 }));
    const cut = { ...sampleMessage('cut'), isCut: true, openUntil: Date.now() + 1_500 };
    await home.mailbox.put('open', cut);
    await home.mailbox.put('joined', { ...cut, id: 'beginning' });
    await home.mailbox.put('joined', sampleMessage('rest'));
    (await desk.next()).finish();
    await home.notes.keep('book', 'name', 'value');
    await server.kill();
    await server.start();
    await until(() =>
      home.mailbox.deadLetters().then(
        ([letter]) => home.mailbox.replay(letter?.id ?? ''),
        () => false,
      ),
    );
    for (let count = 0; count < 3; count += 1) (await desk.next()).finish();
    await desk.stop();
    expect(desk.taken[1]).toBe('beginning#1');
    expect(desk.taken.slice(2).sort()).toEqual(['cut#1', 'dead#1', 'late#2']);
    expect(await home.notes.find('book', 'name')).toBe('value');
    expect(await home.mailbox.answered('joined')).toMatchObject({ message: { id: 'beginning' } });
  });

  test('an answer that landed in the meantime is not asked for again', async () => {
    const { server, home } = await useHome();
    const desk = openDesk(home.mailbox, { deaf: true });
    await home.mailbox.put('early', sampleMessage('e1'));
    const early = await desk.next();
    await home.mailbox.put('late', sampleMessage('l1'));
    const late = await desk.next();
    await server.kill();
    early.finish();
    await until(() => early.delivery.lost.aborted && late.delivery.lost.aborted);
    late.finish();
    await server.start();
    await until(() => home.mailbox.put('early', sampleMessage('e2')).then(Boolean, () => false));
    (await desk.next()).finish();
    await home.mailbox.put('late', sampleMessage('l2'));
    (await desk.next()).finish();
    await desk.stop();
    expect(desk.taken).toEqual(['e1#1', 'l1#1', 'e2#1', 'l2#1']);
  });

  test('mail that nobody was told of because it went away is found when it is back', async () => {
    const { server, home } = await useHome();
    const desk = openDesk(home.mailbox);
    await home.mailbox.put('k', sampleMessage('m1'));
    (await desk.next()).finish(); // The sweep of the start is over.
    const redis = new Redis(server.url);
    await linesOf(redis, 'coze-bridge').put('other', sampleMessage('m2'));
    redis.disconnect();
    await server.kill();
    await server.start();
    (await desk.next()).finish();
    await desk.stop();
  });

  test('put is refused within seconds, and what was refused can be put again', async () => {
    const { server, home } = await useHome();
    await server.kill();
    await expect(home.mailbox.put('k', sampleMessage('m', 'between us'))).rejects.toThrow(/^Redis: /);
    await expect(home.conversations.find('k')).rejects.toThrow(/^Redis: /);
    await server.start();
    await until(() => home.mailbox.put('k', sampleMessage('m')).then(Boolean, () => false));
    const desk = openDesk(home.mailbox);
    (await desk.next()).finish();
    await desk.stop();
    expect(desk.taken).toEqual(['m#1']);
  });

  test('interrupts are heard again when it is back', async () => {
    const { server, home } = await useHome();
    const heard: Interrupt[] = [];
    home.interrupts.listen((interrupt) => heard.push(interrupt));
    await server.kill();
    await server.start();
    await until(async () => {
      await home.interrupts.send({ key: 'k', generation: 1 }).catch(() => {});
      await sleep(20);
      return heard.length > 0;
    });
  });

  test('the log tells of the outage once, and of its end, whatever is tried meanwhile, and never the password', async () => {
    const { server, home, lines } = await useHome({ sweepMs: 50 });
    const desk = openDesk(home.mailbox);
    await home.mailbox.put('k', sampleMessage('m'));
    (await desk.next()).finish();
    await server.kill();
    await expect(home.mailbox.put('k', sampleMessage('m2'))).rejects.toThrow();
    await expect(
      home.budget.learn(
        { platform: 'test', bot: 'b', channel: 'c' },
        { calls: 1, remaining: 0, resetAfterMs: 1_000 },
      ),
    ).rejects.toThrow();
    const lease = home.leases.take('poller', new AbortController().signal, () => {});
    await until(() => lines.some((line) => line.includes('a lease cannot be had')));
    await until(() => lines.some((line) => line.includes('the sweep broke off')));
    await server.start();
    await (await lease).release();
    await until(() => lines.some((line) => line.startsWith('info redis is back')));
    await desk.stop();
    expect(lines.filter((line) => !line.startsWith('debug'))).toEqual([
      expect.stringMatching(/^warn redis is away .*ECONN/),
      expect.stringMatching(/^info redis is back/),
    ]);
    expect(lines.join('\n')).not.toContain(secret);
  });

  test('leaving and closing end all the same, and nothing keeps the process alive', async () => {
    const server = await startRedisServer();
    onTestFinished(() => server.remove());
    const script = fileURLToPath(new URL('leaving-child.ts', import.meta.url));
    const node = spawn(process.execPath, ['--import', 'tsx', script, server.url], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    onTestFinished(() => void node.kill('SIGKILL'));
    const exit = once(node, 'exit');
    await once(node.stdout, 'data'); // It holds a message.
    await server.kill();
    node.stdin.end('leave');
    expect(await exit).toEqual([0, null]);
  });
});
