import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Routing } from './app.ts';
import { listeningTo, questionOf } from './chat.ts';
import type { Asked } from './counter.ts';
import { answerEvents } from './event-shapes.ts';
import { askHeaders } from './idempotency.ts';
import { chatBody, messageParams, trouble } from './shapes.ts';
import { eventsOf } from './sse.ts';

const resuming = z.object({
  'last-event-id': z
    .string()
    .optional()
    .meta({ description: 'The last event that was heard. Without it, all is told from the beginning.' }),
});

export function streamRoutes(routing: Routing): void {
  const { app, counter, ownerOf } = routing;
  for (const path of ['/chat/stream', '/api/stream'])
    app.post(
      path,
      {
        schema: {
          summary: 'Asks, and tells the answer as it comes',
          headers: askHeaders,
          body: chatBody,
          response: { 200: answerEvents, 404: trouble, 409: trouble },
        },
      },
      async ({ body, headers }, reply) => {
        const asked = await counter.ask(await questionOf(body, headers, routing));
        return send(reply, asked, eventsOf({ ...listeningTo(asked, headers, routing), after: undefined }));
      },
    );

  app.get(
    '/chat/stream/:message_id',
    {
      schema: {
        summary: 'Goes on with an answer after the event Last-Event-ID, up to an hour after its end',
        params: messageParams,
        headers: resuming,
        response: { 200: answerEvents, 404: trouble },
      },
    },
    async ({ params, headers }, reply) => {
      const asked = await counter.check(params.message_id, ownerOf(headers));
      const after = headers['last-event-id'];
      return send(reply, asked, eventsOf({ ...listeningTo(asked, headers, routing), after }));
    },
  );
}

function send(reply: FastifyReply, asked: Asked, events: ReturnType<typeof eventsOf>): FastifyReply {
  return (
    reply
      // Before the first word comes, and as no event, which another client would not know.
      .header('x-message-id', asked.message)
      .header('x-session-id', encodeURIComponent(asked.session))
      .header('content-type', 'text/event-stream; charset=utf-8')
      .header('cache-control', 'no-cache, no-transform')
      // nginx would collect it.
      .header('x-accel-buffering', 'no')
      .send(events)
  );
}
