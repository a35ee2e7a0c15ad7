import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock as clock } from '../../src/clock.ts';
import { maxAttempts } from '../../src/core/retry.ts';
import { openEmbeddedHome } from '../../src/embedded/home.ts';
import { openRedisHome } from '../../src/redis/home.ts';
import { quietLog as log } from '../contracts/quiet-log.ts';
import { createLaunchpad } from '../support/bridge-process.ts';
import { inbound } from '../support/fake-platform.ts';
import { createStand, homes } from './stand.ts';

const retryDelaysMs = [1];

/** A stand whose bridge has given up these questions of one chat. */
async function giveUp(home: string, ...questions: string[]) {
  const stand = await createStand(home);
  const dir = await mkdtemp(join(tmpdir(), 'coze-bridge-test-'));
  const launchpad = createLaunchpad();
  onTestFinished(async () => {
    await launchpad.clear();
    await stand.endAndInspect();
    await rm(dir, { recursive: true });
  });
  const { REDIS_URL: url } = stand.env;
  const chat = stand.telegram.privateChat();
  const bot = String(stand.telegram.bot.user.id);
  const target = { platform: 'telegram', bot, channel: String(chat.id) };
  const { mailbox, close } = url
    ? await openRedisHome({ url, log, retryDelaysMs })
    : await openEmbeddedHome({ dir, clock, log, retryDelaysMs });
  const stop = new AbortController();
  let given = 0;
  const working = mailbox.work(
    {
      answer: async () => {
        throw new Error('no luck');
      },
      giveUp: async () => {
        given += 1;
        if (given === questions.length) stop.abort();
      },
    },
    { concurrency: 1, stop: stop.signal, leave: new AbortController().signal },
  );
  for (const text of questions) await mailbox.put(`telegram:${chat.id}`, { ...inbound(text), target });
  await working;
  await close();
  // No more than is needed to find them.
  const env = url ? { REDIS_URL: url } : { DATA_DIR: dir };
  const command = async (...args: string[]) => {
    const cli = launchpad.launch(env, 'src/cli.ts', 'dead-letters', ...args);
    const status = await cli.ended();
    return { status, out: cli.said(), err: cli.log() };
  };
  return { stand, chat, command, launch: () => stand.launch({ DATA_DIR: dir }) };
}

describe.each(homes)('the command line, with the store on $home', ({ home }) => {
  test(`shows what was given up after ${maxAttempts} attempts, and a bridge at work answers what is replayed`, async () => {
    const { stand, chat, command, launch } = await giveUp(home, 'hello', 'goodbye');
    const { status, out, err } = await command('list');
    expect([status, err]).toEqual([0, '']);
    expect(out).toMatch(/telegram {2}Ada\n {2}why: {2}no luck\n {2}text: hello\n[\s\S]*\n2 dead letters\n$/);
    const [, goodbye = ''] = [...out.matchAll(/^(\S+) {2}\d{4}-/gm)].map(([, id]) => id);
    await launch();
    expect(await command('replay', goodbye)).toMatchObject({ status: 0, out: `replayed ${goodbye}\n` });
    await stand.texts(chat, (texts) => texts[0]?.includes('🚀'));
    expect(stand.questions().map(({ text }) => text)).toEqual(['goodbye']);
    expect((await command('list')).out).toMatch(/text: hello\n\n1 dead letter\n$/);
    expect(await command('replay', goodbye)).toMatchObject({ status: 1, out: '' });
    expect(await command('replay', 'all')).toMatchObject({ status: 0, out: 'replayed 1 dead letter\n' });
    await stand.texts(chat, (texts) => texts[1]?.includes('🚀'));
    expect((await command('list')).out).toBe('no dead letters\n');
  });

  test('forgets them', async () => {
    const { command } = await giveUp(home, 'hello');
    expect(await command('purge')).toEqual({ status: 0, out: 'forgot 1 dead letter\n', err: '' });
    expect((await command('list')).out).toBe('no dead letters\n');
  });
});

test('the command line says in words where nothing is to be found', async () => {
  const launchpad = createLaunchpad();
  onTestFinished(() => launchpad.clear());
  const told = async (env: Record<string, string>) => {
    const cli = launchpad.launch(env, 'src/cli.ts', 'dead-letters', 'list');
    return { status: await cli.ended(), out: cli.said(), err: cli.log().trim() };
  };
  const wrong = { REDIS_URL: 'http://nowhere', COZE_BOT_ID: 'also wrong, and no matter' };
  expect(await told({})).toEqual({ status: 1, out: '', err: expect.stringMatching(/^there is no store in/) });
  expect(await told(wrong)).toEqual({
    status: 1,
    out: '',
    err: expect.stringMatching(/^REDIS_URL: must.*$/),
  });
});
