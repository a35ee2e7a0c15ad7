import { setTimeout as sleep } from 'node:timers/promises';
import { startCozeEmulator } from '../emulators/coze/index.ts';
import { type Contender, launch } from './contender.ts';
import { quantile, table } from './figures.ts';
import { type Bot, openDiscord, openTelegram, type Venue } from './venues.ts';

/**
 * On each platform a bare handler and the bridge, side by side in one run: from a message's arrival to Coze's request,
 * message by message in turn, and how an answer of five seconds grows. `npm run bench [messages]`; with REDIS_URL
 * set, the bridge runs on that Redis too.
 */
const messages = Number(process.argv[2] ?? 200);
const people = 10;
const words = Array.from({ length: 100 }, (_, index) => `word${index} `);

interface Runner {
  readonly name: string;
  readonly bot: Bot;
  readonly process: Contender;
}

// What the platforms allow is not what is measured here.
const venues = await Promise.all([openTelegram({ limited: false }), openDiscord({ limited: false })]);
const coze = await startCozeEmulator({ rateLimit: { perSecond: 10_000 } });
try {
  const rows = [];
  for (const venue of venues) rows.push(...(await measure(venue)));
  const heading = ['', 'message -> Coze, ms', 'p95', 'over bare', 'ratio'];
  const growth = ['first paint, ms', 'edits/s', 'whole after, ms'];
  console.log(`${messages} messages each, and an answer of 5 s with a delta every 50 ms\n`);
  console.log(table([[...heading, ...growth], ...rows]));
} finally {
  await Promise.all([coze.close(), ...venues.map((venue) => venue.close())]);
}

async function measure(venue: Venue): Promise<string[][]> {
  const { REDIS_URL } = process.env;
  const runners = await Promise.all([
    start(venue, venue.bare.name, venue.bare.script),
    start(venue, `bridge on ${venue.name}, embedded`, 'src/main.ts'),
    ...(REDIS_URL ? [start(venue, `bridge on ${venue.name}, Redis`, 'src/main.ts', { REDIS_URL })] : []),
  ]);
  try {
    const delays = await measureDelays(runners);
    const [bare] = delays.map((each) => quantile(each, 0.5));
    const rows = [];
    for (const [index, runner] of runners.entries()) {
      const each = delays[index] ?? [];
      const median = quantile(each, 0.5);
      const figures = [median, quantile(each, 0.95), median - (bare ?? 0), median / (bare ?? 0)];
      rows.push([
        runner.name,
        ...figures.map((figure) => figure.toFixed(1)),
        ...(await measureGrowth(runner)),
      ]);
    }
    return rows;
  } finally {
    await Promise.all(runners.map((runner) => runner.process.stop()));
  }
}

async function start(venue: Venue, name: string, script: string, more = {}): Promise<Runner> {
  const bot = venue.addBot();
  const env = {
    COZE_API_TOKEN: 'pat_TheBenchmark',
    COZE_BOT_ID: '7300000000000000001',
    COZE_BASE_URL: coze.url,
    ...bot.env,
    ...more,
  };
  return { name, bot, process: await launch(script, env) };
}

/** From each message to Coze's request, in milliseconds, by runner. */
async function measureDelays(runners: readonly Runner[]): Promise<number[][]> {
  const asked = new Map<string, number>();
  coze.answer(({ text }) => {
    asked.set(text, performance.now());
    return { steps: [{ say: ['It is well, thank you.'] }] };
  });
  const runs = runners.map(({ name, bot }) => {
    const chats = Array.from({ length: people }, () => bot.chat());
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
      await until(() => (chat?.shown().length ?? 0) > round / people);
    }
  }
  return runs.map(({ delays }) => delays);
}

async function measureGrowth({ bot }: Runner): Promise<string[]> {
  let firstDeltaAt = 0;
  coze.answer(() => {
    firstDeltaAt = Date.now();
    return { steps: [{ say: words, everyMs: 50 }] };
  });
  const chat = bot.chat();
  chat.say('hello');
  await until(() => chat.shown()[0]?.text.endsWith('word99') === true);
  const writes = chat.shown()[0]?.writes ?? [];
  const [first = 0, last = 0] = [writes[0]?.at, writes.at(-1)?.at];
  const edits = (writes.length - 1) / ((last - first) / 1_000);
  return [String(first - firstDeltaAt), edits.toFixed(2), String(last - firstDeltaAt)];
}

async function until(condition: () => boolean): Promise<void> {
  for (const deadline = performance.now() + 30_000; !condition(); await sleep(1)) {
    if (performance.now() > deadline) throw new Error('no answer within 30 s');
  }
}
