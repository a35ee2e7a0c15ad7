import { platforms } from '../adapters/index.ts';
import type { Tools } from '../adapters/platform.ts';
import { systemClock as clock } from './clock.ts';
import { type Config, ConfigError, type CozeConfig, type EnabledPlatform, readConfig } from './config.ts';
import type { Deliver } from './core/ports/platform.ts';
import type { Home, MailHandler } from './core/ports/store.ts';
import type { Log } from './core/ports/world.ts';
import { createRunningTurns } from './core/running.ts';
import { createCozeBackends } from './coze/client.ts';
import { readEnvironment } from './environment.ts';
import { createGateway } from './gateway.ts';
import { createNames } from './identity.ts';
import { createLifecycle, endWithParent, type Lifecycle } from './lifecycle.ts';
import { createLog } from './log.ts';
import { nameOf } from './proxy/address.ts';
import { createProxyWay } from './proxy/way.ts';
import { tellOfSilences } from './silences.ts';
import { createWorker } from './worker.ts';

/** How many conversations are worked on at once: a turn is mostly waiting. */
const concurrency = 1_000;

const greeting = 'Write something and press Enter. "reset" starts a new conversation, "exit" ends.';

/** What the bridge runs with. */
interface Setting {
  readonly config: Config;
  readonly coze: CozeConfig;
  readonly log: Log;
  readonly greeting: string;
  readonly lifecycle: Lifecycle;
}

/** The same, with the store open. */
interface Stage extends Pick<Setting, 'config' | 'coze' | 'log' | 'lifecycle'> {
  readonly home: Home;
  readonly names: ReturnType<typeof createNames>;
  readonly platforms: readonly EquippedPlatform[];
}

interface EquippedPlatform extends EnabledPlatform {
  readonly tools: Tools;
}

await main();

async function main(): Promise<void> {
  let log = await createLog({ level: 'info', secrets: [], out: process.stderr });
  try {
    const config = readConfig(readEnvironment(process.cwd(), process.env), platforms);
    log = await createLog({ level: levelFor(config), secrets: config.secrets, out: process.stderr });
    crashInWords(log);
    for (const warning of config.warnings) log.warn({ warning }, 'odd setting');
    process.exitCode = (await run(config, log)) ? 0 : 1;
  } catch (error) {
    if (error instanceof ConfigError) tellMistakes(error, log);
    else log.error({ err: error }, 'cannot go on');
    process.exitCode = 1;
  }
  // Connections kept alive must not hold the process, but all that was written must be out before it goes.
  process.stdout.write('', () => process.exit());
}

/** Runs until it is told to end, or until nothing can be heard any more; false when something failed on the way. */
async function run(config: Config, log: Log): Promise<boolean> {
  const lifecycle = createLifecycle(clock, log);
  if (process.env.npm_lifecycle_event) void endWithParent(lifecycle, clock);
  process.stdout.on('error', () => lifecycle.end('standard output was closed'));
  if (config.coze) return runWith({ config, coze: config.coze, log, greeting, lifecycle });
  const { startDemo, demoGreeting } = await import('./demo.ts');
  const { coze, dataDir, end } = await startDemo();
  log.info({ means: demoGreeting }, 'demo');
  const demo = { ...config, dataDir, redisUrl: undefined };
  const greetings = `${demoGreeting}\n${greeting}`;
  return runWith({ config: demo, coze, log, greeting: greetings, lifecycle }).finally(end);
}

async function runWith({ greeting, ...set }: Setting): Promise<boolean> {
  const { config, log } = set;
  const home = await openHome(config, log);
  try {
    const tools = { clock, log, greeting, leases: home.leases, budget: home.budget };
    const equip = (enabled: EnabledPlatform): EquippedPlatform => ({
      ...enabled,
      tools: { ...tools, proxy: enabled.proxy && createProxyWay(enabled.proxy, { clock }) },
    });
    const names = createNames(config.userIdSalt ?? (await home.salt()));
    const stage = { ...set, home, names, platforms: config.platforms.map(equip) };
    const working = config.role === 'gateway' ? undefined : work(stage);
    if (config.role === 'worker') sayReady(stage);
    const hearing = config.role === 'worker' ? true : receive(stage);
    // Should one of them fail, the other has an order to end in, and needs the store for it.
    await Promise.allSettled([working, hearing]);
    await working;
    return await hearing;
  } finally {
    await home.close();
  }
}

async function openHome({ redisUrl: url, dataDir: dir }: Config, log: Log): Promise<Home> {
  if (url) return (await import('./redis/home.ts')).openRedisHome({ url, log });
  return (await import('./embedded/home.ts')).openEmbeddedHome({ dir, clock, log });
}

/** Answers what is in the mailbox until the lifecycle ends. */
async function work(stage: Stage): Promise<void> {
  const { home, lifecycle } = stage;
  try {
    await home.mailbox.work(createHandler(stage), {
      concurrency,
      stop: lifecycle.stop,
      leave: lifecycle.leave,
    });
  } finally {
    // Should it fail, there is no use in hearing more.
    lifecycle.end('the worker has ended');
  }
}

function createHandler({ config, coze, home, names, platforms, log }: Stage): MailHandler {
  const running = createRunningTurns();
  home.interrupts.listen(running.interrupt);
  const cozeIn = createCozeBackends({
    ...coze,
    saveHistory: config.saveHistory,
    clock,
    agents: coze.proxy && createProxyWay(coze.proxy, { clock }),
  });
  const perUser = typeof coze.token === 'object' && coze.token.sessions === 'per-user';
  return createWorker({
    ...names,
    cozeFor: (delivery) => cozeIn(perUser ? names.sessionOf(delivery) : undefined),
    senders: platforms.map(({ platform, settings, tools }) => platform.sender(settings, tools)),
    conversations: home.conversations,
    suggestions: home.suggestions,
    budget: tellOfSilences(home.budget, log),
    showReasoning: config.showReasoning,
    longAnswerMessages: config.longAnswerMessages,
    running,
    clock,
    log,
  });
}

/** Hears every platform until the lifecycle ends; ends it when there is nothing left to hear. */
async function receive(stage: Stage): Promise<boolean> {
  const { config, home, names, platforms, lifecycle } = stage;
  const deliver = createGateway({ ...home, ...names, groupContext: config.groupContext });
  let deaf = platforms.length;
  const onReady = (): void => {
    deaf -= 1;
    if (deaf === 0 && !lifecycle.stop.aborted) sayReady(stage);
  };
  const ended = await Promise.all(
    platforms.map((platform) => receiveOne(platform, deliver, onReady, lifecycle.stop)),
  );
  lifecycle.end('there is nothing left to hear');
  return ended.every(Boolean);
}

async function receiveOne(
  { platform, settings, tools }: EquippedPlatform,
  deliver: Deliver,
  onReady: () => void,
  stop: AbortSignal,
): Promise<boolean> {
  try {
    await platform.receive(settings, tools)(deliver, stop, onReady);
    return true;
  } catch (error) {
    tools.log.error({ platform: platform.name, err: error }, 'adapter failed');
    return false;
  }
}

function sayReady({ config, coze, platforms, log }: Stage): void {
  const { role, redisUrl } = config;
  const store = redisUrl ? 'redis' : 'embedded';
  const names = platforms.map(({ platform }) => platform.name);
  log.info({ role, store, platforms: names, coze: coze.baseUrl, ...proxiesOf(coze, platforms) }, 'ready');
}

/** Which leg goes through which proxy, if any does. */
function proxiesOf(coze: CozeConfig, platforms: readonly EnabledPlatform[]) {
  const legs = [
    { name: 'coze', proxy: coze.proxy },
    ...platforms.map(({ platform: { name }, proxy }) => ({ name, proxy })),
  ];
  const told = legs.flatMap(({ name, proxy }) => (proxy ? [[name, nameOf(proxy)]] : []));
  return told.length > 0 && { proxies: Object.fromEntries(told) };
}

/** A person gets a list to read. */
function tellMistakes({ mistakes, warnings }: ConfigError, log: Log): void {
  const also = warnings.length > 0 ? { warnings } : {};
  const lines = [...mistakes, ...warnings].map((line) => `  ${line}`);
  if (process.stderr.isTTY) process.stderr.write(`Cannot start. Fix these settings:\n${lines.join('\n')}\n`);
  else log.error({ mistakes, ...also }, 'cannot start: fix these settings');
}

/** A person who chats on this very terminal is not disturbed by every line of the log. */
function levelFor({ logLevel, platforms }: Config) {
  const chatting = platforms.some(({ platform }) => !platform.enabledBy);
  const onScreen = process.stdin.isTTY && process.stdout.isTTY && process.stderr.isTTY;
  return logLevel ?? (chatting && onScreen ? 'warn' : 'info');
}

/** Node's own last words would print whatever the error carries: requests, and so texts and tokens. */
function crashInWords(log: Log): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      const stack = error instanceof Error ? error.stack : undefined;
      log.error({ err: error, stack }, 'crashed: this is a defect of the bridge');
      process.exit(1);
    });
  }
}
