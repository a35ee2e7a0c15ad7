import type { FastifyReply } from 'fastify';
import type { Routing } from './app.ts';
import { listeningTo, questionOf } from './chat.ts';
import { askHeaders } from './idempotency.ts';
import { chatBody, messageParams } from './shapes.ts';
import { eventsOf } from './sse.ts';

export function streamRoutes(routing: Routing): void {
  const { app, counter, ownerOf } = routing;
  for (const path of ['/chat/stream', '/api/stream'])
    app.post(
      path,
      {
        schema: {
          summary: 'Asks, and tells the answer as it comes: server-sent events',
          headers: askHeaders,
          body: chatBody,
        },
      },
      async ({ body, headers }, reply) => {
        const asked = await counter.ask(await questionOf(body, headers, routing));
        // Before the first word comes, and as no event, which another client would not know.
        reply.header('x-message-id', asked.message).header('x-session-id', encodeURIComponent(asked.session));
        return send(reply, eventsOf({ ...listeningTo(asked, headers, routing), after: undefined }));
      },
    );

  app.get(
    '/chat/stream/:message_id',
    { schema: { summary: 'Goes on with an answer after the event Last-Event-ID', params: messageParams } },
    async ({ params, headers }, reply) => {
      const asked = await counter.check(params.message_id, ownerOf(headers));
      const after = headers['last-event-id'];
      return send(
        reply,
        eventsOf({
          ...listeningTo(asked, headers, routing),
          after: typeof after === 'string' ? after : undefined,
        }),
      );
    },
  );
}

function send(reply: FastifyReply, events: ReturnType<typeof eventsOf>): FastifyReply {
  return (
    reply
      .header('content-type', 'text/event-stream; charset=utf-8')
      .header('cache-control', 'no-cache, no-transform')
      // nginx would collect it.
      .header('x-accel-buffering', 'no')
      .send(events)
  );
}
