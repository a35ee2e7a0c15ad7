import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';

export const doorbellName = 'doorbell';

/** What a job of the doorbell carries. */
export interface Ring {
  readonly key: string;
}

/** Says "this key has mail": to one worker at a time, and again for mail that comes while that one is at work. */
export interface Doorbell {
  ring(key: string): Promise<void>;
  close(): Promise<void>;
}

export async function openDoorbell(client: Redis, prefix: string): Promise<Doorbell> {
  const queue = new Queue<Ring, void, 'mail'>(doorbellName, {
    connection: client,
    prefix,
    streams: { events: { maxLen: 1_000 } },
    defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
  });
  queue.on('error', () => {}); // Whoever rings hears of it, and the connection is watched.
  // A queue that loses Redis before it was ready once is never ready again: each ring would fail, for good.
  await queue.waitUntilReady();
  return {
    async ring(key) {
      await queue.add('mail', { key }, { deduplication: { id: key, keepLastIfActive: true } });
    },
    close: () => queue.close(),
  };
}
