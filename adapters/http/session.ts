import type { Routing } from './app.ts';
import { localeIn } from './inbound.ts';
import { cleared, sessionInfo, sessionParams, trouble } from './shapes.ts';
import { withoutBody } from './without-body.ts';

export function sessionRoutes({ app, counter, ownerOf }: Routing): void {
  app.get(
    '/session/:session_id/info',
    {
      schema: {
        summary: 'What is known of a session',
        params: sessionParams,
        response: { 200: sessionInfo, 404: trouble },
      },
    },
    async ({ params, headers }) => {
      const session = await counter.session(params.session_id, ownerOf(headers));
      const { conversationId, isAnswering } = await counter.state(session);
      return {
        session_id: session.id,
        user_id: session.user,
        conversation_id: conversationId ?? null,
        last_activity: new Date(session.at).toISOString(),
        message_count: session.messages,
        status: isAnswering ? ('answering' as const) : ('active' as const),
      };
    },
  );

  withoutBody(app, (scope) =>
    scope.post(
      '/session/:session_id/clear',
      {
        schema: {
          summary: 'Starts a new conversation',
          params: sessionParams,
          response: { 200: cleared, 404: trouble },
        },
      },
      async ({ params, headers }) => {
        const { id, user, owner } = await counter.session(params.session_id, ownerOf(headers));
        await counter.clear({ session: id, user, owner, locale: localeIn(headers['accept-language']) });
        return {
          message: 'The conversation is forgotten.',
          session_id: id,
          cleared_at: new Date().toISOString(),
        };
      },
    ),
  );
}
