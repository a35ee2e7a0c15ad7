import { z } from 'zod';
import { usage } from './shapes.ts';
import type { AnswerEvent } from './wire.ts';

const ids = { message_id: z.string(), session_id: z.string(), conversation_id: z.string().nullable() };

const chunk = z.object({
  type: z.literal('chunk'),
  data: z.object({ content: z.string(), chunk_index: z.number() }),
});

const replace = z
  .object({ type: z.literal('replace'), data: z.object({ content: z.string() }) })
  .meta({ description: 'What was heard before was another answer: this is it, so far.' });

const complete = z.object({
  type: z.literal('complete'),
  data: z.object({
    total_chunks: z.number(),
    full_content: z.string(),
    ...ids,
    follow_ups: z.array(z.string()).readonly(),
    status: z.enum(['answered', 'stopped', 'said']),
    usage,
  }),
});

const code = z.string().meta({
  description: 'busy, occupied, quota, token, config, refused, too-long, file, gone, cut, failed or broken.',
});

const failed = z.object({
  type: z.literal('error'),
  data: z.object({
    message: z.string().meta({ description: 'In words for people.' }),
    code,
    ...ids,
  }),
});

const event = z.discriminatedUnion('type', [
  chunk,
  replace,
  complete,
  failed,
]) satisfies z.ZodType<AnswerEvent>;

/** For the description alone: events are written as they come. */
export const answerEvents = {
  description:
    'Server-sent events, each with an id: the data of each is this, as JSON. The last is complete or error.',
  content: { 'text/event-stream': { schema: event } },
};
