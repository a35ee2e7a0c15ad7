import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Routing } from './app.ts';
import type { Asked } from './counter.ts';
import { filesIn } from './files.ts';
import { askHeaders, idsFor } from './idempotency.ts';
import { enclosureIn, localeIn, questionIn } from './inbound.ts';
import { Refusal, refuse } from './refusal.ts';
import { type ChatBody, chatAnswer, chatBody, messageParams, stopped, trouble } from './shapes.ts';
import { type Listening, listen, type Telling } from './telling.ts';
import { withoutBody } from './without-body.ts';

/** How long a request may wait for a whole answer; afterwards it can still be followed. */
const waitForMs = 10 * 60 * 1_000;

export function chatRoutes(routing: Routing): void {
  const { app, counter, ownerOf } = routing;
  app.post(
    '/chat',
    {
      schema: {
        summary: 'Asks, and answers when the answer is whole',
        headers: askHeaders,
        body: chatBody,
        response: { 200: chatAnswer, 404: trouble, 409: trouble, 504: trouble },
      },
    },
    async ({ body, headers }, reply) => {
      const asked = await counter.ask(await questionOf(body, headers, routing));
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      if (reply.raw.destroyed) gone.abort();
      const signal = AbortSignal.any([gone.signal, AbortSignal.timeout(waitForMs)]);
      const end = await endOf({ ...listeningTo(asked, headers, routing), signal });
      return toAnswer(end, asked);
    },
  );

  withoutBody(app, (scope) =>
    scope.post(
      '/chat/:message_id/stop',
      {
        schema: {
          summary: 'Stops an answer where it is',
          params: messageParams,
          response: { 200: stopped, 404: trouble },
        },
      },
      async ({ params, headers }) => {
        const asked = await counter.check(params.message_id, ownerOf(headers));
        return { message_id: asked.message, status: await counter.stop(asked) };
      },
    ),
  );
}

export async function questionOf(
  body: ChatBody,
  headers: FastifyRequest['headers'] & z.output<typeof askHeaders>,
  { settings, coze, ownerOf }: Routing,
) {
  const owner = ownerOf(headers);
  const locale = localeIn(headers['accept-language']);
  const { message, session } = idsFor(owner, headers['idempotency-key'], body);
  return {
    owner,
    message,
    session: body.session_id ?? session,
    user: body.user_id ?? settings.COZE_USER_ID,
    locale,
    text: questionIn(body),
    enclosure: enclosureIn(body, await filesIn(body, coze, locale)),
  };
}

/** All that it takes to hear an answer, but for how long. */
export const listeningTo = (
  asked: Asked,
  headers: FastifyRequest['headers'],
  { desk, counter, clock }: Routing,
): Omit<Listening, 'signal'> => ({
  asked,
  counter,
  clock,
  feed: desk.feed,
  locale: localeIn(headers['accept-language']),
});

type End = Extract<Telling, { type: 'end' }>;

async function endOf(listening: Listening): Promise<End> {
  for await (const { telling } of listen(listening)) if (telling.type === 'end') return telling;
  const { message } = listening.asked;
  throw new Refusal(504, `It takes long. GET /chat/stream/${message} goes on with it.`);
}

function toAnswer({ content, ended }: End, { message, session }: Asked): z.output<typeof chatAnswer> {
  const { outcome, failure = 'failed', words = 'It failed.' } = ended;
  if (outcome === 'failed') throw refuse(failure, words);
  return {
    response: content,
    session_id: session,
    message_id: message,
    conversation_id: ended.conversationId ?? null,
    follow_ups: [...(ended.followUps ?? [])],
    status: outcome,
    usage: ended.usage ?? null,
    timestamp: new Date().toISOString(),
  };
}
