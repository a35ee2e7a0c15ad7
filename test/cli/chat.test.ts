import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startCozeEmulator } from '../../emulators/coze/index.ts';
import { inquire } from '../../src/cli/inquiry.ts';
import { serve } from '../adapters/http/served.ts';
import { createStand } from '../bridge/stand.ts';
import { redisServer } from '../redis/server.ts';
import { createLaunchpad } from '../support/bridge-process.ts';
import { freePort } from '../support/free-port.ts';

const token = 'pat_TestTokenThatOpensNothing';

async function run(env: Record<string, string>, ...args: string[]) {
  const launchpad = createLaunchpad();
  onTestFinished(() => launchpad.clear());
  const cli = launchpad.launch(env, 'src/cli.ts', 'chat', ...args);
  return { status: await cli.ended(), out: cli.said(), err: cli.log() };
}

/** A Coze, and settings for it, where no bridge runs. */
async function alone() {
  const coze = await startCozeEmulator({ tokens: [token] });
  const launchpad = createLaunchpad();
  onTestFinished(async () => {
    await launchpad.clear();
    await coze.close();
  });
  const env = { COZE_API_TOKEN: token, COZE_BOT_ID: '7300000000000000001', COZE_BASE_URL: coze.url };
  const chat = (...args: string[]) => launchpad.launch(env, 'src/cli.ts', 'chat', ...args);
  return { coze, env, chat };
}

describe('chat on the command line', () => {
  test('asks the bridge that runs, in one conversation for a session', async () => {
    const key = 'cb_0123456789abcdefghij';
    const bridge = await serve('embedded', { SERVER_API_KEYS: key });
    bridge.coze.answer(({ text }) => ({ steps: [{ say: ['You said ', text, '.'] }] }));
    const env = { SERVER_API_KEYS: key, SERVER_PORT: new URL(bridge.url).port };
    for (const question of ['one', 'two'])
      expect(await run(env, '--session', 's', '--user', 'ada', question)).toEqual({
        status: 0,
        out: `You said ${question}.\n`,
        err: '',
      });
    const conversations = bridge.questions().map(({ conversationId }) => conversationId);
    expect(conversations[1]).toBe(conversations[0]);
  });

  test('starts one where none runs; what has failed is said on standard error', async () => {
    const coze = await startCozeEmulator({ tokens: [token] });
    onTestFinished(() => coze.close());
    coze.answer({ steps: [{ say: ['Here ', 'I am.'] }] });
    const env = { COZE_API_TOKEN: token, COZE_BOT_ID: '7300000000000000001', COZE_BASE_URL: coze.url };
    expect(await run(env, 'hello')).toEqual({ status: 0, out: 'Here I am.\n', err: '' });
    const refused = await run({ ...env, COZE_API_TOKEN: 'pat_NobodyKnowsThisOne' }, 'hello');
    expect(refused).toMatchObject({ status: 1, out: '', err: expect.stringMatching(/access token/) });
    const wrong = await run({ COZE_BOT_ID: 'x' }, 'hello');
    expect(wrong).toMatchObject({ status: 1, err: expect.stringMatching(/\n {2}COZE_BOT_ID: must be/) });
    expect(wrong.err).not.toContain('{');
    expect(await run(env)).toMatchObject({ status: 2, err: expect.stringMatching(/What is the question/) });
  });

  test('an answer that Coze takes back is told of by the exit status; with --whole it is not there', async () => {
    const { coze, chat } = await alone();
    const steps = [{ say: 'No.' }, { waitMs: 1_500 }, { say: ' Never.', as: 'a' }];
    coze.answer({ steps: [...steps, { finish: 'a', text: 'Yes.' }] });
    const piped = chat('--whole', 'may I?');
    expect([await piped.ended(), piped.log()]).toEqual([0, '']);
    const streamed = chat('may I?');
    expect(await streamed.ended()).toBe(1);
    expect(streamed.said().endsWith(`\n\n${piped.said()}`)).toBe(true);
    expect(streamed.log()).toMatch(/begun anew/);
  });

  test('the question may be standard input, and must be one', async () => {
    const { coze, chat } = await alone();
    coze.answer(({ text }) => ({ steps: [{ say: `<${text}>` }] }));
    const cli = chat('-');
    cli.write('你好，\nworld\n');
    cli.endInput();
    expect([await cli.ended(), cli.said()]).toEqual([0, '<你好，\nworld>\n']);
    const empty = chat('-');
    empty.endInput();
    expect([await empty.ended(), empty.said()]).toEqual([2, '']);
  });

  test('killed, it takes the bridge along that it has started: the next one is answered', async () => {
    const { coze, chat } = await alone();
    coze.answer(({ text }) => ({
      steps: text === 'hello' ? [{ say: 'One moment' }, { waitMs: 20_000 }] : [{ say: 'Here.' }],
    }));
    const killed = chat('hello');
    await killed.until(() => killed.said().includes('One'));
    await killed.stop('SIGKILL');
    const next = chat('--session', 'another', 'again');
    expect([await next.ended(), next.log()]).toEqual([0, '']);
    expect(next.said()).toBe('Here.\n');
  });

  test('Ctrl-C stops the answer at Coze', async () => {
    const { coze, chat } = await alone();
    coze.answer({ steps: [{ say: 'One moment' }, { waitMs: 20_000 }] });
    const cli = chat('hello');
    await cli.until(() => cli.said().includes('One'));
    expect(await cli.stop('SIGINT')).toBeNull();
    expect(coze.requests.map(({ path }) => path)).toContain('/v3/chat/cancel');
    expect(cli.log()).toBe('');
  });

  test('goes on when the bridge is started again in the middle of an answer, and the question is asked once', async () => {
    const port = String(await freePort());
    const bridge = await serve('embedded', { SERVER_PORT: port });
    bridge.coze.answer({ steps: [{ say: 'One ' }, { waitMs: 2_000 }, { say: 'two.' }] });
    const launchpad = createLaunchpad();
    onTestFinished(() => launchpad.clear());
    const cli = launchpad.launch({ SERVER_PORT: port }, 'src/cli.ts', 'chat', 'count');
    await cli.until(() => cli.said().includes('One'));
    await bridge.gateway.stop('SIGKILL');
    await bridge.launch({ SERVER_PORT: port, TELEGRAM_BOT_TOKEN: '', TELEGRAM_API_ROOT: '' });
    expect([await cli.ended(), cli.said(), cli.log()]).toEqual([0, 'One two.\n', '']);
    expect(bridge.questions()).toHaveLength(1);
  });

  test('asks again, as the same question, where what has failed passes, and as long as something new comes', async () => {
    const keys: unknown[] = [];
    const pieces: string[] = [];
    const bridge = createServer(({ headers }, response) => {
      keys.push(headers['idempotency-key']);
      if (keys.length === 1) return response.writeHead(502).end();
      if (keys.length === 2) return response.writeHead(503, { 'retry-after': '1' }).end();
      if (keys.length === 11) return response.writeHead(503).end('{"detail": "Somebody is needed."}');
      // Each connection breaks, and all is told again each time.
      pieces.push('x');
      for (const content of pieces)
        response.write(`data: ${JSON.stringify({ type: 'chunk', data: { content } })}\n\n`);
      return response.end();
    });
    await new Promise<void>((resolve) => bridge.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void bridge.close());
    const url = `http://127.0.0.1:${(bridge.address() as AddressInfo).port}`;
    let last = '';
    const hear = async () => {
      for await (const heard of inquire({ url, key: undefined }, {}).hear(new AbortController().signal))
        if (heard.type === 'text') last = heard.text;
    };
    await expect(hear()).rejects.toThrow('Somebody is needed.');
    expect([last, keys.length, new Set(keys).size]).toEqual(['x'.repeat(8), 11, 1]);
  });

  test('says what a bridge has against it', async () => {
    const key = 'cb_0123456789abcdefghij';
    const bridge = await serve('embedded', { SERVER_API_KEYS: `${key},${key}2` });
    const env = { SERVER_API_KEYS: key, SERVER_PORT: new URL(bridge.url).port };
    expect((await run(env, '--session', 's', 'hello')).status).toBe(0);
    expect(await run({ ...env, SERVER_API_KEYS: `${key}2` }, '--session', 's', 'hello')).toEqual({
      status: 1,
      out: '',
      err: 'There is no such session.\n',
    });
    for (const wrong of ['', 'another_that_is_not_there'])
      expect(await run({ ...env, SERVER_API_KEYS: wrong }, 'hello')).toEqual({
        status: 1,
        out: '',
        err: expect.stringMatching(/^The bridge at http.* does not accept our key\. Set SERVER_API_KEYS/),
      });
  });
});

describe.runIf(redisServer.available)('chat on the command line, with Redis', () => {
  test('says that a worker is needed, and waits for one', async () => {
    const stand = await createStand('redis');
    onTestFinished(() => stand.endAndInspect());
    const launchpad = createLaunchpad();
    onTestFinished(() => launchpad.clear());
    const cli = launchpad.launch({ ...stand.env, LOG_LEVEL: 'info' }, 'src/cli.ts', 'chat', 'hello');
    await cli.until(() => cli.log().includes('ten minutes'));
    expect(cli.log()).toMatch(/^Nothing has come for 5 seconds\. .*No worker answers.*npm start/);
    await stand.launch({ ROLE: 'worker' });
    expect([await cli.ended(), cli.said()]).toEqual([0, expect.stringContaining('You said: hello')]);
  });
});
