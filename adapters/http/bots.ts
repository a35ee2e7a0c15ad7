import { z } from 'zod';
import { CozeFailed } from '../../src/core/errors.ts';
import type { Routing } from './app.ts';
import { localeIn } from './inbound.ts';
import { Refusal, refusalOf } from './refusal.ts';
import { cozeId, trouble } from './shapes.ts';

const query = z.object({
  workspace_id: cozeId
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
        response: { 200: bots, 404: trouble },
      },
    },
    async ({ query: { workspace_id }, headers }) => {
      const found = await coze.bots(workspace_id).catch((error: unknown) => {
        if (workspace_id !== undefined && isUnknown(error))
          throw new Refusal(
            404,
            'Coze has no such workspace, or the token of the bridge may not look into it.',
          );
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

/** What Coze says of a workspace that is not there or is somebody else's. */
const isUnknown = (error: unknown): boolean =>
  error instanceof CozeFailed && [4000, 4101, 4200].includes(error.facts.code ?? 0);
