import { describe, expect, onTestFinished, test } from 'vitest';
import { startCozeEmulator } from '../../emulators/coze/index.ts';
import { serve } from '../adapters/http/served.ts';
import { createLaunchpad } from '../support/bridge-process.ts';

const token = 'pat_TestTokenThatOpensNothing';

async function run(env: Record<string, string>, ...args: string[]) {
  const launchpad = createLaunchpad();
  onTestFinished(() => launchpad.clear());
  const cli = launchpad.launch(env, 'src/cli.ts', 'chat', ...args);
  return { status: await cli.ended(), out: cli.said(), err: cli.log() };
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
    expect(await run({ COZE_BOT_ID: 'x' }, 'hello')).toMatchObject({
      status: 1,
      err: expect.stringMatching(/COZE_/),
    });
    expect(await run(env)).toMatchObject({ status: 2, err: expect.stringMatching(/What is the question/) });
  });
});
