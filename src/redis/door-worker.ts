import { DelayedError, type Job, type Telemetry, WaitingError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Log } from '../core/ports/world.ts';
import { doorbellName, type Ring } from './doorbell.ts';
import { createHold, type Hold } from './hold.ts';
import type { Lock } from './mail.ts';
import { reasonOf } from './script.ts';

/** A worker at the door of one key. */
export interface Visit {
  readonly key: string;
  readonly lock: Lock;
  readonly hold: Hold;
}

/**
 * `done`: nothing is left to do, or the bell was rung again. `release`: somebody else is to look at once.
 * `lost`: somebody else does already. With a wait: look again after that.
 */
export type Outcome = 'done' | 'release' | 'lost' | { readonly waitMs: number };

interface DoorWorkerOptions {
  readonly client: Redis;
  readonly prefix: string;
  readonly concurrency: number;
  readonly lockMs: number;
  readonly stalledMs: number;
  readonly log: Log;
  readonly telemetry: Telemetry | undefined;
  readonly visit: (visit: Visit) => Promise<Outcome>;
}

export interface DoorWorker {
  /** Goes to no other door. */
  stop(): void;
  /** Loses every door it is at. */
  leave(): void;
  /** Resolves when every visit has ended and is written down. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Answers the doorbell: each ring is held by a lock, which is renewed for as long as the visit lasts. */
export function startDoorWorker(options: DoorWorkerOptions): DoorWorker {
  const { client, lockMs, log, telemetry } = options;
  const holds = new Map<string, Hold>();
  const visits = new Set<Promise<void>>();
  const worker = new Worker<Ring, void, 'mail'>(doorbellName, track, {
    connection: client,
    prefix: options.prefix,
    ...(telemetry && { telemetry }),
    concurrency: options.concurrency,
    lockDuration: lockMs,
    stalledInterval: options.stalledMs,
    // With a limit, mail lies once its worker was killed that many times. Attempts are counted with the message.
    maxStalledCount: Number.MAX_SAFE_INTEGER,
    runRetryDelay: 500,
    // Redis may spend its one wake-up on a worker that is paused: then this many seconds pass before another looks.
    drainDelay: 1,
  });
  worker.on('locksRenewed', ({ jobIds }) => {
    for (const id of jobIds) holds.get(id)?.renew();
  });
  worker.on('lockRenewalFailed', (jobIds: string[]) => {
    for (const id of jobIds) holds.get(id)?.lose();
  });
  worker.on('error', (error) => {
    if (isExpected(error)) log.debug({ reason: reasonOf(error) }, 'doorbell');
    else log.warn({ reason: reasonOf(error) }, 'doorbell');
  });

  function track(job: Job<Ring>, token = ''): Promise<void> {
    const visit = answer(job, token).finally(() => visits.delete(visit));
    visits.add(visit);
    return visit;
  }

  async function answer(job: Job<Ring>, token: string): Promise<void> {
    const outcome = await hold(job, token);
    if (outcome === 'done') return;
    try {
      if (outcome === 'release') await job.moveToWait(token);
      else if (outcome !== 'lost') await job.moveToDelayed(Date.now() + outcome.waitMs, token);
    } catch (error) {
      log.debug({ reason: reasonOf(error) }, 'a doorbell was lost');
    }
    // A job must never fail: with mail left, nobody would look before the next sweep.
    throw outcome === 'release' ? new WaitingError() : new DelayedError();
  }

  async function hold(job: Job<Ring>, token: string): Promise<Outcome> {
    const id = job.id ?? '';
    const former = holds.get(id);
    if (former) {
      // Lost and got again while the former visit, in this very process, has not yet ended.
      former.lose();
      return { waitMs: 100 };
    }
    const hold = createHold(lockMs);
    holds.set(id, hold);
    try {
      const lock = { name: `${worker.toKey(id)}:lock`, token };
      return await options.visit({ key: job.data.key, lock, hold });
    } catch (error) {
      log.warn({ reason: reasonOf(error) }, 'a visit failed');
      return { waitMs: 1_000 };
    } finally {
      hold.end();
      holds.delete(id);
    }
  }

  return {
    stop: () => void worker.pause(true),
    leave() {
      for (const hold of holds.values()) hold.lose();
    },
    async idle() {
      while (visits.size > 0) await Promise.allSettled(visits);
    },
    // A graceful close waits for Redis.
    close: () => worker.close(client.status !== 'ready'),
  };
}

/** An outage is told of by its connection, and a lost lock by whoever held it. */
function isExpected(error: Error): boolean {
  return 'syscall' in error || /connection is closed|connection close|lock for job/i.test(error.message);
}
