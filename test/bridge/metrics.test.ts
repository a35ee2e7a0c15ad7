import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BridgeProcess } from '../support/bridge-process.ts';
import { samplesIn } from '../support/metrics.ts';
import { createStand, homes, type Stand } from './stand.ts';

const portOf = (bridge: BridgeProcess): string =>
  /"port":(\d+),"msg":"health and metrics/.exec(bridge.log())?.[1] ?? '';

const get = (bridge: BridgeProcess, path: string) => fetch(`http://127.0.0.1:${portOf(bridge)}${path}`);

const samplesOf = async (bridge: BridgeProcess) => samplesIn(await (await get(bridge, '/metrics')).text());

describe.each(homes)('what an operator sees on $home', ({ home }) => {
  let stand: Stand;
  beforeEach(async () => {
    stand = await createStand(home);
  });
  afterEach(() => stand.endAndInspect());

  const launch = (ROLE: string) => stand.launch({ METRICS_PORT: '0', ...(home === 'redis' && { ROLE }) });

  test('are the turns of the process that answers, and in every process what waits', async () => {
    const gateway = await launch('gateway');
    const worker = home === 'redis' ? await launch('worker') : gateway;
    stand.coze.answer({
      steps: [{ say: ['The beginning of an answer. '] }, { waitMs: 500 }, { say: ['Its end.'] }],
    });
    const chat = stand.telegram.privateChat();
    chat.say('hello');
    await stand.telegram.until(() => stand.coze.chats().length === 1, 10_000);
    const during = await samplesOf(gateway);
    expect(during.coze_bridge_waiting_conversations).toBe(1);
    expect(during.coze_bridge_oldest_message_age_seconds).toBeGreaterThanOrEqual(0);
    await stand.texts(chat, ([text]) => text === 'The beginning of an answer. Its end.');
    await worker.until(() => worker.log().includes('"outcome":"answered"'));
    // What the store holds is at most a second old.
    await expect
      .poll(() => samplesOf(worker), { timeout: 5_000 })
      .toMatchObject({
        'coze_bridge_turns_total{platform="telegram",outcome="answered"}': 1,
        'coze_bridge_turn_asked_seconds_count{platform="telegram"}': 1,
        'coze_bridge_turn_first_text_seconds_count{platform="telegram"}': 1,
        'coze_bridge_turn_first_paint_seconds_count{platform="telegram"}': 1,
        'coze_bridge_turn_whole_seconds_count{platform="telegram"}': 1,
        'coze_bridge_turn_staleness_seconds_count{platform="telegram"}': 1,
        'coze_bridge_writes_total{platform="telegram",call="post"}': 1,
        'coze_bridge_part_ready{part="mailbox"}': 1,
        coze_bridge_dead_letters: 0,
        coze_bridge_waiting_conversations: 0,
      });
    const health = await get(worker, '/health');
    expect([health.status, await health.json()]).toMatchObject([200, { status: 'healthy', store: 'ready' }]);
  });
});

test('a second process at the same METRICS_PORT does not start, and says why', async () => {
  const stand = await createStand('embedded');
  try {
    const first = await stand.launch({ METRICS_PORT: '0' });
    const second = await createStand('embedded');
    try {
      const launched = second.launch({ METRICS_PORT: portOf(first) });
      await expect(launched).rejects.toThrow(/METRICS_PORT: another program has 127\.0\.0\.1:\d+/);
    } finally {
      await second.endAndInspect();
    }
  } finally {
    await stand.endAndInspect();
  }
});
