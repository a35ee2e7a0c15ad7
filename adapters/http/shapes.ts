import { z } from 'zod';

/** A store may cut a text at a control character, and half a character has no address: two ids could be one there. */
const id = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'may have no control characters, and only whole ones');

/** Coze counts in 64 bits. */
export const cozeId = z.string().regex(/^\d{1,20}$/, 'must be an id of Coze: up to 20 digits');

const said = z.object({
  role: z.enum(['user', 'assistant']).default('user'),
  content: z.string().max(100_000),
});

/** What is asked. */
export const chatBody = z
  .object({
    message: z
      .string()
      .max(100_000)
      .optional()
      .meta({ description: 'The question. Required, unless there are messages.' }),
    messages: z
      .array(said)
      .min(1)
      .max(100)
      .optional()
      .meta({ description: 'In place of message: what was said before, and last the question.' }),
    user_id: id
      .optional()
      .meta({ description: 'Who asks, as you call them. COZE_USER_ID when it is not given.' }),
    session_id: id
      .optional()
      .meta({ description: 'Who shares a conversation. Without one, a new one is made.' }),
    conversation_id: cozeId
      .optional()
      .meta({ description: 'A conversation that Coze has already: the session goes on in it.' }),
    custom_variables: z
      .record(z.string().regex(/^[A-Za-z_]+$/), z.string())
      .optional()
      .meta({ description: 'For {{name}} in the prompt of the bot.' }),
    file_ids: z.array(cozeId).max(20).optional().meta({ description: 'From POST /files.' }),
  })
  .check(({ value, issues }) => {
    const words = wrongIn(value);
    if (words) issues.push({ code: 'custom', path: [], input: value, message: words });
  });

export type ChatBody = z.output<typeof chatBody>;

function wrongIn({
  message,
  messages,
}: {
  message?: string | undefined;
  messages?: z.output<typeof said>[] | undefined;
}) {
  if (message !== undefined && messages) return 'give message or messages, not both';
  if (messages && messages.at(-1)?.role !== 'user')
    return 'the last of messages is the question: its role is user';
  const question = message ?? messages?.at(-1)?.content ?? '';
  return question.trim() === '' ? 'message is required, and may not be empty' : undefined;
}

/** What an answer has cost. */
export const usage = z
  .object({ total: z.number(), input: z.number(), output: z.number() })
  .nullable()
  .meta({ description: 'Tokens, where Coze tells.' });

/** The whole answer. */
export const chatAnswer = z.object({
  response: z.string(),
  session_id: z.string(),
  message_id: z.string(),
  conversation_id: z.string().nullable(),
  follow_ups: z.array(z.string()),
  status: z.enum(['answered', 'stopped', 'said']).meta({ description: 'said: by the bridge, to a command.' }),
  usage,
  timestamp: z.iso.datetime(),
});

export const sessionParams = z.object({ session_id: id });
export const messageParams = z.object({ message_id: id });

export const sessionInfo = z.object({
  session_id: z.string(),
  user_id: z.string(),
  conversation_id: z.string().nullable(),
  last_activity: z.iso.datetime(),
  message_count: z.number(),
  status: z.enum(['active', 'answering']),
});

export const stopped = z.object({
  message_id: z.string(),
  status: z.enum(['stopping', 'stopped', 'ended']).meta({
    description:
      'stopping: it stays as far as it is; stopped: it waited, and is not asked; ended: it was over.',
  }),
});

export const cleared = z.object({
  message: z.string(),
  session_id: z.string(),
  cleared_at: z.iso.datetime(),
});

export const trouble = z.object({ detail: z.string() });
