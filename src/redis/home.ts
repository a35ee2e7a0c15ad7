import { randomBytes } from 'node:crypto';
import type { Telemetry } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Home } from '../core/ports/store.ts';
import { createBudget } from './budget.ts';
import { type ConnectOptions, connect } from './connection.ts';
import { createConversationStore } from './conversations.ts';
import { createDashboard, type Dashboard } from './dashboard.ts';
import { openDoorbell } from './doorbell.ts';
import { createFeed } from './feed.ts';
import { openInterrupts } from './interrupts.ts';
import { createLeases } from './leases.ts';
import { createMailbox, type MailboxTimes } from './mailbox.ts';
import { createNotes } from './notes.ts';
import { createPosts } from './posts.ts';
import { defaultPrefix } from './prefix.ts';
import { plainly } from './script.ts';
import { createSessions } from './sessions.ts';
import { createSuggestions } from './suggestions.ts';

export interface RedisHomeOptions extends ConnectOptions, MailboxTimes {
  /** How long a lease outlives a holder that was killed. */
  readonly leaseMs?: number;
  /** What the name of everything in Redis begins with. */
  readonly prefix?: string;
  /** What takes traces along from process to process. */
  readonly telemetry?: Telemetry | undefined;
  /** Milliseconds since 1970; for tests. */
  readonly now?: () => number;
}

export interface RedisHome extends Home {
  /** `nameOf`: what the log calls a conversation. */
  dashboard(nameOf: (key: string) => string): Dashboard;
}

/** Everything on one Redis, for any number of processes. Rejects with a message for the owner. */
export async function openRedisHome(options: RedisHomeOptions): Promise<RedisHome> {
  const { log, prefix = defaultPrefix, leaseMs = 5_000, now = Date.now, telemetry } = options;
  const connections = await connect(options);
  const { client, subscriber } = connections;
  const [interrupts, doorbell] = await Promise.all([
    openInterrupts({ client, subscriber, prefix, log }),
    openDoorbell(client, prefix, telemetry),
  ]).catch((error) => {
    connections.close();
    throw error;
  });
  const mailbox = createMailbox({ connections, doorbell, prefix, log, telemetry, times: options, now });
  return {
    mailbox,
    conversations: createConversationStore(client, prefix),
    interrupts,
    suggestions: createSuggestions(client, prefix),
    notes: createNotes(client, prefix, now),
    posts: createPosts(client, prefix),
    sessions: createSessions(client, prefix, now),
    feed: createFeed({ client, subscriber, prefix }),
    leases: createLeases({ client, prefix, leaseMs, log }),
    budget: createBudget({ redis: client, prefix, log }),
    dashboard: (nameOf) => createDashboard({ queue: doorbell.queue, nameOf }),
    salt: () => plainly(salt(client, `${prefix}:salt`)),
    async close() {
      await mailbox.close();
      connections.close();
    },
  };
}

/** Whoever comes first makes it. */
async function salt(client: Redis, name: string): Promise<string> {
  await client.set(name, randomBytes(32).toString('hex'), 'NX');
  return (await client.get(name)) ?? '';
}
