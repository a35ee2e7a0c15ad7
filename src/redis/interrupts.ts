import type { Redis } from 'ioredis';
import type { Interrupt, Interrupts } from '../core/ports/store.ts';
import type { Log } from '../core/ports/world.ts';
import { plainly, reasonOf } from './script.ts';

interface InterruptsOptions {
  readonly client: Redis;
  readonly subscriber: Redis;
  readonly prefix: string;
  readonly log: Log;
}

export async function openInterrupts(options: InterruptsOptions): Promise<Interrupts> {
  const { client, subscriber, prefix, log } = options;
  const listeners: ((interrupt: Interrupt) => void)[] = [];
  // Redis does not keep the channels of its databases apart.
  const channel = `${prefix}:interrupts:${client.options.db ?? 0}`;
  subscriber.on('message', (from: string, text: string) => {
    if (from !== channel) return;
    for (const listener of listeners) {
      try {
        listener(JSON.parse(text) as Interrupt);
      } catch (error) {
        log.error({ reason: reasonOf(error) }, 'an interrupt could not be obeyed');
      }
    }
  });
  await plainly(subscriber.subscribe(channel));
  subscriber.on('ready', () => void subscriber.subscribe(channel).catch(() => undefined));
  return {
    async send(interrupt) {
      await plainly(client.publish(channel, JSON.stringify(interrupt)));
    },
    listen: (listener) => void listeners.push(listener),
  };
}
