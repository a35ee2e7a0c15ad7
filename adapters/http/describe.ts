import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import type { App } from './app.ts';
import { trouble } from './shapes.ts';

/** Describes every route that is added from now on, for programs at /openapi.json and for people at /docs. */
export async function describe(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      info: {
        title: 'coze-bridge',
        description: 'Ask a Coze bot. Every error is {"detail": "…"}, in words.',
        version: '1',
      },
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
      security: [{ key: [] }],
    },
    transform,
  });
  await app.register(swaggerUi, { routePrefix: '/docs' });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
}

type Transform = typeof jsonSchemaTransform;
type Schema = NonNullable<Parameters<Transform>[0]['schema']>;

/** Of its errors a route tells those that are its own: here come those that all have, and the words. */
const transform: Transform = (document) => {
  const { schema } = document;
  if (!schema || schema.hide) return jsonSchemaTransform(document);
  const general = Object.fromEntries(generalErrors(schema).map((status) => [status, trouble]));
  const response = { ...general, ...Object(schema.response) };
  const { schema: told, url } = jsonSchemaTransform({ ...document, schema: { ...schema, response } });
  const form = schema.consumes?.includes('multipart/form-data') && { body: formWithFile };
  return { url, schema: { ...told, ...form, response: inWords(told.response) } };
};

function generalErrors({ security, body, consumes, params, querystring }: Schema): number[] {
  // Open to everybody.
  if (security?.length === 0) return [];
  const isSent = body !== undefined || consumes !== undefined;
  const isRead = isSent || params !== undefined || querystring !== undefined;
  return [401, ...(isSent ? [400, 413, 415] : []), ...(isRead ? [422] : []), 429, 500, 503];
}

const formWithFile = {
  type: 'object',
  properties: { file: { type: 'string', format: 'binary' } },
  required: ['file'],
};

const words: Readonly<Record<string, string>> = {
  400: 'It cannot be read: no JSON, or a broken address.',
  401: 'No key, or one that is not among SERVER_API_KEYS; without keys, a page or an address that is not welcome.',
  404: 'There is no such session, message, conversation or workspace, or it is somebody else’s.',
  409: 'Coze still works on an earlier question of this conversation, or the answer to this Idempotency-Key is gone.',
  413: 'It is larger than SERVER_MAX_BODY.',
  415: 'It is of a kind that is not taken here.',
  422: 'What is wrong with the request, or why Coze does not take it.',
  429: 'Too many requests, or too many questions that wait.',
  500: 'A defect of the bridge, whose log knows the id in X-Request-Id.',
  503: 'Coze or the bridge cannot do it at present. With Retry-After it passes by itself.',
  504: 'No whole answer in ten minutes: GET /chat/stream/{message_id} goes on with it.',
};

const header = (description: string) => ({ type: 'string', description });

const headersOf: Readonly<Record<string, object>> = {
  401: { 'WWW-Authenticate': header('How to authenticate, where keys are required.') },
  429: { 'Retry-After': header('Seconds.') },
  503: { 'Retry-After': header('Seconds. Missing where it takes somebody’s help.') },
};

const headersOfStreams = {
  'X-Message-Id': header('The id of the question, before the first event.'),
  'X-Session-Id': header('The id of its session, as in an address (percent-encoded).'),
};

function inWords(response: unknown): object {
  const told = Object.entries(Object(response) as Record<string, { description?: string; content?: object }>);
  return Object.fromEntries(
    told.map(([status, { description, ...shape }]) => {
      const isStream = 'text/event-stream' in (shape.content ?? {});
      const headers = {
        ...(description === undefined && headersOf[status]),
        ...(isStream && headersOfStreams),
        'X-Request-Id': header('The id of the request.'),
      };
      return [status, { description: description ?? words[status] ?? 'As asked.', ...shape, headers }];
    }),
  );
}
