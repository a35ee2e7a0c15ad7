import { z } from 'zod';
import { statusOf } from '../platform.ts';
import type { Routing } from './app.ts';

const part = z.object({
  name: z.string(),
  state: z.enum(['starting', 'ready', 'deaf', 'ended']),
  reason: z.string().optional(),
});

const health = z.object({
  status: z.enum(['healthy', 'degraded', 'unhealthy']),
  timestamp: z.iso.datetime(),
  coze_client_status: z.literal('initialized'),
  store: z.enum(['ready', 'away']),
  parts: z.array(part),
  waiting_conversations: z
    .number()
    .nullable()
    .meta({ description: 'In which something is asked that is not answered.' }),
});

/** Whoever may not see more than that it lives sees it here too: it tells nothing of anybody. */
export function healthRoute({ app, health: look }: Routing): void {
  app.get(
    '/health',
    {
      schema: { summary: 'Whether it can serve', response: { 200: health, 503: health } },
      config: { rateLimit: false },
    },
    async (_request, reply) => {
      const found = await look();
      const status = statusOf(found);
      return reply.status(status === 'unhealthy' ? 503 : 200).send({
        status,
        timestamp: new Date().toISOString(),
        coze_client_status: 'initialized',
        store: found.isStoreAway ? 'away' : 'ready',
        parts: found.parts.map(({ name, state, reason }) => ({ name, state, ...(reason && { reason }) })),
        waiting_conversations: found.waiting ?? null,
      });
    },
  );
}
