import { z } from 'zod';
import { type ToldHealth, tell } from '../../src/core/health.ts';
import type { Routing } from './app.ts';

const part = z.object({
  name: z.string(),
  state: z.enum(['starting', 'ready', 'deaf', 'ended']),
  reason: z.string().optional(),
});

const cozeStatus = z.enum(['initialized', 'failing']);

const coze = z.object({
  status: cozeStatus.meta({
    description: 'failing: the last question failed for a reason that the next one will fail for too.',
  }),
  reason: z.string().optional().meta({ description: 'In words, while it is failing.' }),
  since: z.iso.datetime().optional().meta({ description: 'Missing until something was asked.' }),
});

const health = z.object({
  status: z.enum(['healthy', 'degraded', 'unhealthy']),
  timestamp: z.iso.datetime(),
  coze_client_status: cozeStatus.meta({ description: 'The same as coze.status.' }),
  coze,
  store: z.enum(['ready', 'away']),
  parts: z.array(part).readonly(),
  workers: z
    .number()
    .nullable()
    .meta({ description: 'Processes that answer; one that was killed counts for 15 s more.' }),
  waiting_conversations: z
    .number()
    .nullable()
    .meta({ description: 'In which something is asked that is not answered. null while the store is away.' }),
  oldest_waiting_since: z.iso
    .datetime()
    .nullable()
    .meta({ description: 'When the oldest was written of what is not answered.' }),
  dead_letters: z.number().nullable().meta({ description: 'What was given up, and is kept.' }),
}) satisfies z.ZodType<ToldHealth>;

const answers = {
  200: health.meta({ description: 'It can serve; degraded: not all of it, or Coze fails.' }),
  503: health.meta({ description: 'It cannot serve: the store is away.' }),
};

/** Whoever may not see more than that it lives sees it here too: it tells nothing of anybody. */
export function healthRoute({ app, health: look }: Routing): void {
  app.get(
    '/health',
    {
      exposeHeadRoute: true,
      schema: { summary: 'Whether it can serve', security: [], response: answers },
      config: { rateLimit: false },
    },
    async (_request, reply) => {
      const told = tell(await look());
      return reply.status(told.status === 'unhealthy' ? 503 : 200).send(told);
    },
  );
}
