import { setTimeout as sleep } from 'node:timers/promises';
import type { Telemetry } from 'bullmq';
import type { Redis } from 'ioredis';
import { whenAborted } from '../core/aborted.ts';
import type { Mailbox, MailHandler, WorkOptions } from '../core/ports/store.ts';
import type { Log } from '../core/ports/world.ts';
import { retryDelaysMs } from '../core/retry.ts';
import type { Connections } from './connection.ts';
import { type DoorWorker, startDoorWorker } from './door-worker.ts';
import type { Doorbell } from './doorbell.ts';
import { createEntrance } from './entrance.ts';
import { startHeartbeat } from './heartbeat.ts';
import { createMail } from './mail.ts';
import { mailNames } from './mail-names.ts';
import { logTrouble } from './trouble.ts';
import { createVisitor } from './visit.ts';

/** How long what has to be written down at the end may take, for example while Redis is away. */
const farewellMs = 2_000;

export interface MailboxTimes {
  readonly retryDelaysMs?: readonly number[];
  /** For how long a worker holds a key without a sign of life. */
  readonly lockMs?: number;
  /** How often the keys of dead workers are looked for. */
  readonly stalledMs?: number;
  /** How often mail is looked for that nobody was told of. */
  readonly sweepMs?: number;
}

interface MailboxOptions {
  readonly connections: Connections;
  readonly doorbell: Doorbell;
  readonly prefix: string;
  readonly log: Log;
  readonly telemetry: Telemetry | undefined;
  readonly times: MailboxTimes;
  readonly now: () => number;
}

export interface RedisMailbox extends Mailbox {
  /** Leaves whatever is at work. */
  close(): Promise<void>;
}

/** The mail lies in lists, one for each key; a doorbell sends the workers to the keys that have some. */
export function createMailbox(options: MailboxOptions): RedisMailbox {
  const { connections, doorbell, prefix, log, telemetry, times, now } = options;
  const names = mailNames(prefix);
  const mail = createMail(connections.client, names, now);
  const entrance = createEntrance({ client: connections.client, names, doorbell, log, now });
  const closed = new AbortController();
  let working = Promise.resolve();

  function start(client: Redis, handler: MailHandler, { concurrency, stop, leave }: WorkOptions): DoorWorker {
    const visit = createVisitor({
      mail: createMail(client, names, now),
      doorbell,
      handler,
      stop,
      leave,
      retryDelaysMs: times.retryDelaysMs ?? retryDelaysMs,
      log,
      now,
    });
    const worker = startDoorWorker({
      client,
      prefix,
      concurrency,
      lockMs: times.lockMs ?? 5_000,
      stalledMs: times.stalledMs ?? 2_000,
      log,
      telemetry,
      visit,
    });
    stop.addEventListener('abort', () => worker.stop());
    leave.addEventListener('abort', () => worker.leave());
    return worker;
  }

  /** Rings for mail that nobody may have been told of: whoever put it has died, or Redis went away. */
  async function sweep(): Promise<void> {
    try {
      for (const key of await entrance.keys()) await doorbell.ring(key);
    } catch (error) {
      logTrouble(log, 'warn', error, 'the sweep broke off');
    }
  }

  async function work(handler: MailHandler, { concurrency, ...signals }: WorkOptions): Promise<void> {
    const leave = AbortSignal.any([signals.leave, closed.signal]);
    const stop = AbortSignal.any([signals.stop, leave]);
    if (stop.aborted) return;
    const ended = new AbortController();
    const client = connections.openPatient(ended.signal);
    const worker = start(client, handler, { concurrency, stop, leave });
    const heartbeat = startHeartbeat({ client: connections.client, key: names.workers, log });
    client.on('ready', sweep); // At the start, and after each outage.
    const sweeping = setInterval(sweep, times.sweepMs ?? 60_000);

    await whenAborted(stop);
    clearInterval(sweeping);
    client.off('ready', sweep);
    await atMost(farewellMs, heartbeat.stop());
    await Promise.race([worker.idle(), whenAborted(leave).then(() => atMost(farewellMs, worker.idle()))]);
    await atMost(farewellMs, worker.close());
    ended.abort();
  }

  return {
    ...entrance,
    answered: (key) => mail.answered(key),
    stop: (key, messageId) => mail.stop(key, messageId),
    work(handler, options) {
      working = work(handler, options);
      return working;
    },
    async close() {
      closed.abort();
      await working;
      await doorbell.close();
    },
  };
}

async function atMost(ms: number, work: Promise<void>): Promise<void> {
  const over = new AbortController();
  await Promise.race([work, sleep(ms, undefined, { signal: over.signal }).catch(() => {})]);
  over.abort();
}
