import { setTimeout as sleep } from 'node:timers/promises';
import { startCozeEmulator } from '../emulators/coze/index.ts';
import { startTelegramEmulator } from '../emulators/telegram/emulator.ts';
import { type Contender, launch } from './contender.ts';
import { quantile, table } from './figures.ts';

/**
 * A bare grammY handler and the bridge, side by side in one run, message by message in turn: from a message's arrival
 * to Coze's request, and how an answer of five seconds grows. `npm run bench [messages]`; with REDIS_URL set, the
 * bridge runs on that Redis too.
 */
const messages = Number(process.argv[2] ?? 200);
const people = 10;

// What the platforms allow is not what is measured here, and neither is a reply's length.
const telegram = await startTelegramEmulator({ rateLimits: false });
const coze = await startCozeEmulator({ rateLimit: { perSecond: 10_000 } });
const contenders = await Promise.all([
  start('bare grammY handler', 'bench/bare.ts', {}),
  start('bridge, embedded', 'src/main.ts', {}),
  ...(process.env.REDIS_URL
    ? [start('bridge, redis', 'src/main.ts', { REDIS_URL: process.env.REDIS_URL })]
    : []),
]);
try {
  console.log(`${messages} messages each\n\n${table(await measureLatency())}\n`);
  console.log(`an answer of 5 s, a delta every 50 ms\n\n${table(await measureGrowth())}`);
} finally {
  await Promise.all(contenders.map((contender) => contender.stop()));
  await Promise.all([telegram.close(), coze.close()]);
}

function start(name: string, script: string, more: Record<string, string>): Promise<Contender> {
  const env = {
    COZE_API_TOKEN: 'pat_TheBenchmark',
    COZE_BOT_ID: '7300000000000000001',
    COZE_BASE_URL: coze.url,
    TELEGRAM_API_ROOT: telegram.url,
    ...more,
  };
  return launch({ name, script, bot: telegram.addBot(), env });
}

async function measureLatency(): Promise<string[][]> {
  const asked = new Map<string, number>();
  coze.answer(({ text }) => {
    asked.set(text, performance.now());
    return { steps: [{ say: ['It is well, thank you.'] }] };
  });
  const runs = contenders.map(({ name, bot }) => {
    const chats = Array.from({ length: people }, () => telegram.privateChat(telegram.person(), bot));
    return { name, chats, delays: [] as number[] };
  });
  // The first round opens the conversations, and is not counted.
  for (let round = 0; round < messages + people; round++) {
    for (const { name, chats, delays } of runs) {
      const chat = chats[round % people];
      const text = `${name} ${round}`;
      const saidAt = performance.now();
      chat?.say(text);
      await until(() => asked.has(text));
      if (round >= people) delays.push((asked.get(text) ?? 0) - saidAt);
      await until(() => telegram.shown(chat?.id ?? 0).length > round / people);
    }
  }
  const [bare] = runs.map(({ delays }) => quantile(delays, 0.5));
  return [
    ['message -> Coze, ms', 'median', 'p95', 'over bare', 'ratio'],
    ...runs.map(({ name, delays }) => {
      const median = quantile(delays, 0.5);
      const over = median - (bare ?? 0);
      return [
        name,
        ...[median, quantile(delays, 0.95), over, median / (bare ?? 1)].map((figure) => figure.toFixed(1)),
      ];
    }),
  ];
}

async function measureGrowth(): Promise<string[][]> {
  let firstDeltaAt = 0;
  const words = Array.from({ length: 100 }, (_, index) => `word${index} `);
  coze.answer(() => {
    firstDeltaAt = Date.now();
    return { steps: [{ say: words, everyMs: 50 }] };
  });
  const rows = [['an answer', 'first paint, ms', 'edits/s', 'whole after, ms']];
  for (const { name, bot } of contenders) {
    const chat = telegram.privateChat(telegram.person(), bot);
    chat.say('hello');
    await until(() => telegram.shown(chat.id)[0]?.text.endsWith('word99') === true);
    const history = telegram.shown(chat.id)[0]?.history ?? [];
    const first = history[0]?.at ?? 0;
    const last = history.at(-1)?.at ?? 0;
    const edits = (history.length - 1) / ((last - first) / 1_000);
    rows.push([name, String(first - firstDeltaAt), edits.toFixed(2), String(last - firstDeltaAt)]);
  }
  return rows;
}

async function until(condition: () => boolean): Promise<void> {
  for (const deadline = performance.now() + 30_000; !condition(); await sleep(1)) {
    if (performance.now() > deadline) throw new Error('no answer within 30 s');
  }
}
