import { Queue, type Telemetry } from 'bullmq';
import type { Redis } from 'ioredis';

export const doorbellName = 'doorbell';

/** What a job of the doorbell carries. */
export interface Ring {
  readonly key: string;
}

/** Says "this key has mail": to one worker at a time, and again for mail that comes while that one is at work. */
export interface Doorbell {
  ring(key: string): Promise<void>;
  /** Rings, and lets nobody wait before the door: what was waited for has come. */
  hurry(key: string): Promise<void>;
  /** For whoever looks on. */
  readonly queue: Queue;
  close(): Promise<void>;
}

export async function openDoorbell(client: Redis, prefix: string, telemetry?: Telemetry): Promise<Doorbell> {
  const queue = new Queue<Ring, void, 'mail'>(doorbellName, {
    connection: client,
    prefix,
    ...(telemetry && { telemetry }),
    streams: { events: { maxLen: 1_000 } },
    defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
  });
  queue.on('error', () => {}); // Whoever rings hears of it, and the connection is watched.
  // A queue that loses Redis before it was ready once is never ready again: each ring would fail, for good.
  await queue.waitUntilReady();
  // Gives the job that waits already, where there is one.
  const add = (key: string) =>
    queue.add('mail', { key }, { deduplication: { id: key, keepLastIfActive: true } });
  return {
    queue,
    async ring(key) {
      await add(key);
    },
    async hurry(key) {
      const job = await add(key);
      // It fails when nobody waits.
      await job.promote().catch(() => {});
    },
    close: () => queue.close(),
  };
}
