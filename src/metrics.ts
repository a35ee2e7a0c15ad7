import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type OpenMetricsContentType,
  Registry,
} from 'prom-client';
import type { Exposition } from '../adapters/platform.ts';
import type { Health } from './core/health.ts';
import type { Budget } from './core/ports/budget.ts';
import type { MailFigures } from './core/ports/figures.ts';
import type { Sender } from './core/ports/platform.ts';
import type { Clock } from './core/ports/world.ts';
import type { AttemptEnd, TurnReport } from './core/turn-report.ts';
import { countCalls, countRefusals } from './counting.ts';

interface MetricsOptions {
  readonly clock: Clock;
  /** What the store holds; undefined while it is away. */
  readonly look: () => Promise<MailFigures | undefined>;
  readonly parts: () => Health['parts'];
}

/** What an operator's programs read of this process. No label holds an id or a text: each has a few dozen values. */
export interface Metrics {
  /** Hears how each attempt at a message has ended. */
  watch(end: AttemptEnd): void;
  /** The same sender, with its calls counted. */
  countCalls(sender: Sender): Sender;
  /** The same budget, with what it refuses counted. */
  countRefusals(budget: Budget): Budget;
  read(): Promise<Exposition>;
}

export function createMetrics(options: MetricsOptions): Metrics {
  const registry: OpenRegistry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  collectDefaultMetrics({ register: registry });
  const turns = countTurns(registry);
  const calls = createCallMetrics(registry);
  const now = createGauges(registry);
  return {
    watch: turns,
    countCalls(sender) {
      // Prometheus sees no rise in what begins with a 1.
      calls.tooMany.inc({ platform: sender.platform }, 0);
      return countCalls(sender, {
        done: (platform, call) => calls.writes.inc({ platform, call }),
        refused: (platform) => calls.tooMany.inc({ platform }),
      });
    },
    countRefusals: (budget) =>
      countRefusals(budget, (platform, purpose) => calls.refusals.inc({ platform, purpose })),
    async read() {
      now.show(await options.look(), options.clock.now());
      for (const { name, state } of options.parts()) now.ready.set({ part: name }, state === 'ready' ? 1 : 0);
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}

type OpenRegistry = Registry<OpenMetricsContentType>;

function countTurns(registry: OpenRegistry): (end: AttemptEnd) => void {
  const registers = [registry];
  const turns = new Counter({
    name: 'coze_bridge_turns_total',
    help: 'Attempts at messages, by how they ended: the same word as in the log line "turn". answered, stopped and failed are questions; the names of commands and notices are what the bridge said by itself; again, left, "not ours", "coze away", "platform away" and "final pending" come back.',
    labelNames: ['platform', 'outcome'],
    registers,
  });
  const failures = new Counter({
    name: 'coze_bridge_coze_failures_total',
    help: 'Questions that Coze gave no whole answer to, by what could be done about it',
    labelNames: ['platform', 'failure'],
    registers,
  });
  const tokens = new Counter({
    name: 'coze_bridge_tokens_total',
    help: 'Tokens of whole answers, as Coze bills them: input or output',
    labelNames: ['platform', 'direction'],
    registers,
  });
  const observe = createDurations(registry);
  return ({ platform, outcome, report }) => {
    turns.inc({ platform, outcome });
    if (!report) return;
    const { failure, usage } = report;
    if (failure) failures.inc({ platform, failure: failure.kind });
    if (usage) {
      tokens.inc({ platform, direction: 'input' }, usage.input);
      tokens.inc({ platform, direction: 'output' }, usage.output);
    }
    observe(platform, report);
  };
}

const quick = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const seen = [0.1, 0.25, 0.5, 1, 1.5, 2, 3, 5, 8, 13, 20, 30, 60];
const long = [1, 2.5, 5, 10, 15, 20, 30, 60, 120, 300, 600];

function createDurations(registry: OpenRegistry): (platform: string, report: TurnReport) => void {
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name, help, buckets, labelNames: ['platform'], registers: [registry] });
  const taken = 'Seconds from when a message was taken from the mailbox until';
  const asked = histogram('coze_bridge_turn_asked_seconds', `${taken} Coze was asked`, quick);
  const firstText = histogram('coze_bridge_turn_first_text_seconds', `${taken} Coze began to answer`, seen);
  const firstPaint = histogram(
    'coze_bridge_turn_first_paint_seconds',
    `${taken} the reader saw something`,
    seen,
  );
  const whole = histogram(
    'coze_bridge_turn_whole_seconds',
    `${taken} all of the answer was shown; only of answers that one attempt asked for and brought to their end`,
    long,
  );
  const staleness = histogram(
    'coze_bridge_turn_staleness_seconds',
    'The longest that a piece of an answer waited to be shown, by answer, in seconds',
    seen,
  );
  return (platform, { askedMs, firstTextMs, firstPaintMs, mostBehindMs, tookMs, outcome }) => {
    const isWhole = outcome === 'answered' && askedMs !== undefined;
    const all = [
      [asked, askedMs],
      [firstText, firstTextMs],
      [firstPaint, firstPaintMs],
      [staleness, mostBehindMs],
      [whole, isWhole ? tookMs : undefined],
    ] as const;
    for (const [each, ms] of all) if (ms !== undefined) each.observe({ platform }, ms / 1_000);
  };
}

function createCallMetrics(registry: OpenRegistry) {
  const registers = [registry];
  return {
    writes: new Counter({
      name: 'coze_bridge_writes_total',
      help: 'Calls that a platform has done for us: post, edit, remove, buttons, draft or typing',
      labelNames: ['platform', 'call'],
      registers,
    }),
    tooMany: new Counter({
      name: 'coze_bridge_rate_limited_total',
      help: 'Calls that a platform has refused with 429, too many requests',
      labelNames: ['platform'],
      registers,
    }),
    refusals: new Counter({
      name: 'coze_bridge_budget_refusals_total',
      help: 'Calls that had to wait, so as not to get a 429, each time they asked: a preview gives way to a newer one, typing is left out',
      labelNames: ['platform', 'purpose'],
      registers,
    }),
  };
}

/** What is so at the moment. What the store holds every process tells the same: take the highest, not the sum. */
function createGauges(registry: OpenRegistry) {
  const registers = [registry];
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  const ofStore = 'the same in every process; missing while the store is away';
  const waiting = gauge(
    'coze_bridge_waiting_conversations',
    `Conversations with messages that wait or are being answered; ${ofStore}`,
  );
  const age = gauge(
    'coze_bridge_oldest_message_age_seconds',
    `How long ago the oldest message was written that is not answered yet, 0 when there is none; ${ofStore}`,
  );
  const dead = gauge('coze_bridge_dead_letters', `Messages that were given up and are kept; ${ofStore}`);
  const workers = gauge('coze_bridge_workers', `Processes that answer messages; ${ofStore}`);
  const ready = new Gauge({
    name: 'coze_bridge_part_ready',
    help: '1 while this part of the process works: a platform that it hears, or the mailbox that it answers',
    labelNames: ['part'],
    registers,
  });

  function show(figures: MailFigures | undefined, now: number): void {
    // A gauge that was never set, or reset, says 0, which would be a lie.
    if (!figures) for (const each of [waiting, age, dead, workers]) each.remove();
    else {
      const { lines, oldestAt = now, deadLetters } = figures;
      waiting.set(lines);
      // The clock of the platform may be ahead of ours.
      age.set(Math.max(0, now - oldestAt) / 1_000);
      dead.set(deadLetters);
      workers.set(figures.workers);
    }
  }

  return { ready, show };
}
