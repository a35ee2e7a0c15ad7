import { z } from 'zod';
import type { Routing } from './app.ts';
import { localeIn } from './inbound.ts';
import { refusalOf } from './refusal.ts';
import { trouble } from './shapes.ts';

const query = z.object({
  workspace_id: z
    .string()
    .regex(/^\d+$/)
    .optional()
    .meta({ description: 'Without one: every workspace that the token of the bridge may look into.' }),
});

const listed = z.object({
  id: z.string(),
  name: z.string(),
  is_published: z.boolean(),
  workspace_id: z.string(),
});

const bots = z.object({ bots: z.array(listed) });

export function botsRoute({ app, coze, log }: Routing): void {
  app.get(
    '/bots',
    {
      schema: {
        summary: 'The bots there are at Coze',
        querystring: query,
        response: { 200: bots, default: trouble },
      },
    },
    async ({ query: { workspace_id }, headers }) => {
      const found = await coze.bots(workspace_id).catch((error: unknown) => {
        log.warn({ trouble: error }, 'the bots could not be listed');
        throw refusalOf(error, localeIn(headers['accept-language']));
      });
      return {
        bots: found.map(({ id, name, isPublished, workspaceId }) => ({
          id,
          name,
          is_published: isPublished,
          workspace_id: workspaceId,
        })),
      };
    },
  );
}
