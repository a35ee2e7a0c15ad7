import type { Queue } from 'bullmq';
import type { FastifyInstance } from 'fastify';
import { conversationOf } from '../core/addressing.ts';
import type { Ring } from './doorbell.ts';

interface DashboardOptions {
  readonly queue: Queue;
  /** What the log calls the conversation of a key. */
  readonly nameOf: (key: string) => string;
}

/** Adds the page to a server on which the doorbell can be watched: nothing can be changed there. */
export type Dashboard = (app: FastifyInstance, path: string) => Promise<void>;

export function createDashboard({ queue, nameOf }: DashboardOptions): Dashboard {
  return async (app, path) => {
    // Only the process that serves the page needs them.
    const [{ createBullBoard }, { BullMQAdapter }, { FastifyAdapter }] = await Promise.all([
      import('@bull-board/api'),
      import('@bull-board/api/bullMQAdapter'),
      import('@bull-board/fastify'),
    ]);
    const shown = new BullMQAdapter(queue, { readOnlyMode: true });
    shown.setFormatter('data', ({ key }: Ring) => ({ key, conversation: nameOf(conversationOf(key)) }));
    const server = new FastifyAdapter();
    const options = { uiConfig: { boardTitle: 'coze-bridge' } };
    createBullBoard({ queues: [shown], serverAdapter: server, options });
    server.setBasePath(path);
    await app.register(server.registerPlugin(), { prefix: path });
  };
}
