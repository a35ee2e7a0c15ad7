import type { Tools } from '../adapters/platform.ts';
import type { Config, CozeConfig, EnabledPlatform } from './config.ts';
import { watchCoze } from './core/coze-state.ts';
import { isDefect } from './core/defects.ts';
import { createGate } from './core/gate.ts';
import type { Deliver } from './core/ports/platform.ts';
import type { Home, MailHandler } from './core/ports/store.ts';
import type { Clock, Log } from './core/ports/world.ts';
import { createRunningTurns } from './core/running.ts';
import { createCozeBackends } from './coze/client.ts';
import { createCozeDesk } from './coze/desk.ts';
import type { Agents } from './coze/http.ts';
import { createGateway } from './gateway.ts';
import { createGreeting, type Greeting } from './greeting.ts';
import { createNames } from './identity.ts';
import type { Lifecycle } from './lifecycle.ts';
import { redact } from './log.ts';
import { createHealth, createLook } from './looking.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { openMetricsServer } from './metrics-server.ts';
import { dispensableOf, factsOf, heardOf, mailboxPart, partsOf } from './parts.ts';
import { createProxyWay } from './proxy/way.ts';
import { createReadiness, type Part, type Readiness } from './readiness.ts';
import type { RedisHome } from './redis/home.ts';
import { tellOfSilences } from './silences.ts';
import type { Tracing } from './tracing.ts';
import { createWorker } from './worker.ts';

/** How many conversations are worked on at once: a turn is mostly waiting. */
const concurrency = 1_000;

/** What the bridge runs with. */
interface Setting {
  readonly config: Config;
  readonly coze: CozeConfig;
  readonly log: Log;
  readonly clock: Clock;
  /** What a person who chats on this terminal is told first, with these lines in it. */
  readonly greet: (lines: readonly string[]) => string;
  readonly lifecycle: Lifecycle;
}

/** The same, with the store open. */
interface Stage extends Omit<Setting, 'greet'> {
  readonly greeting: Greeting;
  readonly home: Home;
  readonly names: ReturnType<typeof createNames>;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  readonly tracing: Tracing | undefined;
  readonly platforms: readonly EquippedPlatform[];
  /** The way to Coze. */
  readonly agents: Agents | undefined;
}

interface EquippedPlatform extends EnabledPlatform {
  readonly tools: Tools;
}

/** Plays its role until the lifecycle ends, or until nothing can be heard any more; false when a platform failed. */
export async function play({ greet, ...set }: Setting): Promise<boolean> {
  const { config, clock, log } = set;
  const { stop } = set.lifecycle;
  const { tracesTo, role } = config;
  const tracing = tracesTo
    ? await (await import('./tracing.ts')).openTracing({ endpoint: tracesTo, role })
    : undefined;
  const home = await openHome(set, tracing);
  const over = new AbortController();
  try {
    const { leases, notes, budget } = home;
    const { answerWithinMs } = config;
    const readiness = createReadiness({
      ...set,
      parts: partsOf(config),
      dispensable: dispensableOf(config),
      facts: (ended) => factsOf({ ...set, ended }),
      stop,
    });
    const greeting = createGreeting({ hosts: dispensableOf(config), compose: greet });
    const agents = set.coze.proxy && createProxyWay(set.coze.proxy, { clock });
    const coze = createCozeDesk({ ...set.coze, clock, agents });
    const names = createNames(config.userIdSalt ?? (await home.salt()));
    const look = createLook(home.mailbox, clock);
    const metrics = createMetrics({ clock, look, parts: readiness.states });
    const shown = { health: createHealth({ readiness, look, notes, clock }), metrics: metrics.read };
    if (config.metrics) await openMetricsServer({ ...config.metrics, ...shown, log, over: over.signal });
    const tools = {
      clock,
      log,
      greeting: greeting.text,
      invite: greeting.invite,
      leases,
      notes,
      budget,
      answerWithinMs,
      desk: home,
      coze,
      isAccompanied: heardOf(config).length > 1,
      ...shown,
      dashboard: home.dashboard?.(names.hashOf),
    };
    const equip = (enabled: EnabledPlatform): EquippedPlatform => ({
      ...enabled,
      tools: { ...tools, proxy: enabled.proxy && createProxyWay(enabled.proxy, { clock }) },
    });
    const stage = {
      ...set,
      greeting,
      home,
      names,
      readiness,
      metrics,
      tracing,
      agents,
      platforms: config.platforms.map(equip),
    };
    const working = config.role === 'gateway' ? undefined : work(stage);
    const hearing = config.role === 'worker' ? true : receive(stage);
    // Should one of them fail, the other has an order to end in, and needs the store for it.
    await Promise.allSettled([working, hearing]);
    await working;
    return await hearing;
  } finally {
    over.abort();
    await home.close();
    await tracing?.close();
  }
}

type OpenedHome = Home & Partial<Pick<RedisHome, 'dashboard'>>;

async function openHome(
  { config, clock, log }: Omit<Setting, 'greet'>,
  tracing: Tracing | undefined,
): Promise<OpenedHome> {
  const { redisUrl: url, dataDir: dir } = config;
  if (url)
    return (await import('./redis/home.ts')).openRedisHome({ url, log, telemetry: tracing?.telemetry });
  return (await import('./embedded/home.ts')).openEmbeddedHome({ dir, clock, log });
}

/** Answers what is in the mailbox until the lifecycle ends. */
async function work(stage: Stage): Promise<void> {
  const { home, lifecycle, readiness } = stage;
  const part = readiness.part(mailboxPart);
  try {
    const handler = createHandler(stage);
    const working = home.mailbox.work(handler, { concurrency, stop: lifecycle.stop, leave: lifecycle.leave });
    part.ready();
    await working;
  } finally {
    part.end();
    // Should it fail, there is no use in hearing more.
    lifecycle.end('the worker has ended');
  }
}

function createHandler(stage: Stage): MailHandler {
  const { config, coze, home, names, metrics, tracing, platforms, agents, clock, log } = stage;
  const running = createRunningTurns();
  home.interrupts.listen(running.interrupt);
  const { saveHistory } = config;
  const cozeIn = createCozeBackends({ ...coze, saveHistory, clock, agents });
  const noteCoze = watchCoze({ notes: home.notes, log });
  const perUser = typeof coze.token === 'object' && coze.token.sessions === 'per-user';
  const worker = createWorker({
    ...names,
    cozeFor: (delivery) => cozeIn(perUser ? names.sessionOf(delivery) : undefined),
    senders: platforms.map(({ platform, settings, tools }) =>
      metrics.countCalls(platform.sender(settings, tools)),
    ),
    gate: createGate({ clock, log }),
    conversations: home.conversations,
    suggestions: home.suggestions,
    posts: home.posts,
    budget: tellOfSilences(metrics.countRefusals(home.budget), log),
    watch(end) {
      metrics.watch(end);
      noteCoze(end);
      tracing?.watch(end);
    },
    showReasoning: config.showReasoning,
    longAnswerMessages: config.longAnswerMessages,
    running,
    clock,
    log,
  });
  return tracing?.traceTurns(worker) ?? worker;
}

/** Hears every platform until the lifecycle ends; ends it when there is nothing left to hear. */
async function receive(stage: Stage): Promise<boolean> {
  const { config, home, names, platforms, lifecycle, clock, log } = stage;
  const { groupContext, answerWithinMs } = config;
  const gateway = createGateway({ ...home, ...names, groupContext, answerWithinMs, clock, log });
  const deliver = stage.tracing?.traceDeliver(gateway) ?? gateway;
  const hear = (some: readonly EquippedPlatform[]) =>
    some.map((platform) =>
      receiveOne(platform, { deliver, part: partOf(platform.platform.name, stage), stage }),
    );
  const heard = platforms.filter(({ isHeard }) => isHeard);
  const besides = heard.filter(({ platform }) => platform.isOff);
  const others = heard.filter(({ platform }) => !platform.isOff);
  const heardBeside = hear(besides);
  const ended = await Promise.all(hear(others));
  // Where all of them have failed, who is heard beside them still is.
  if (!ended.some(Boolean)) await Promise.all(heardBeside);
  lifecycle.end('there is nothing left to hear');
  return [...ended, ...(await Promise.all(heardBeside))].every(Boolean);
}

/** Who greets waits for all that is heard. */
function partOf(name: string, { readiness, greeting }: Stage): Part {
  const part = readiness.part(name);
  return {
    ...part,
    ready() {
      part.ready();
      greeting.begun(name);
    },
    end(reason) {
      part.end(reason);
      greeting.begun(name);
    },
  };
}

async function receiveOne(
  { platform, settings, tools }: EquippedPlatform,
  { deliver, part, stage }: { readonly deliver: Deliver; readonly part: Part; readonly stage: Stage },
): Promise<boolean> {
  const { lifecycle, config } = stage;
  try {
    await platform.receive(settings, tools)(deliver, lifecycle.stop, part.ready, part.deaf);
    part.end();
    return true;
  } catch (error) {
    tools.log.error({ platform: platform.name, trouble: error }, 'adapter failed');
    part.end(reasonOf(error, config));
    return false;
  }
}

/** For an operator who looks at our health, which is told without a key. */
function reasonOf(error: unknown, { secrets }: Config): string {
  if (isDefect(error) || !(error instanceof Error)) return 'a defect of the bridge: see its log';
  return redact(error.message, secrets);
}
