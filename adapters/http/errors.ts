import { hasZodFastifySchemaValidationErrors, isResponseSerializationError } from 'fastify-type-provider-zod';
import { isDefect } from '../../src/core/defects.ts';
import type { Log } from '../../src/core/ports/world.ts';
import type { App } from './app.ts';
import { Refusal } from './refusal.ts';

/** Every error is answered in words, and never with a stack; what nobody has refused on purpose is logged. */
export function answerErrors(app: App, log: Log): void {
  app.setErrorHandler((error, { id }, reply) => {
    const { status, detail } = toDetail(error, id);
    if (status >= 500 && !(error instanceof Refusal))
      log.error(
        { err: error, request: id },
        isOurs(error) ? 'a request failed: this is a defect of the bridge' : 'a request failed',
      );
    return reply.status(status).send({ detail });
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.status(404).send({ detail: 'There is no such address here: see /docs.' }),
  );
}

function toDetail(error: unknown, request: string): { status: number; detail: string } {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const words = error.validation.map(({ instancePath, message }) => {
      const where = instancePath.split('/').filter(Boolean).join('.');
      return where ? `${where}: ${message}` : message;
    });
    return { status: 422, detail: words.join('; ') };
  }
  const { statusCode = 500, message } = error as { statusCode?: number; message: string };
  // Fastify's own are of any kind: a body that is too long is a RangeError.
  if (error instanceof Refusal || (statusCode >= 400 && statusCode < 500))
    return { status: statusCode, detail: message };
  if (isOurs(error))
    return {
      status: 500,
      detail: `This is a defect of the bridge, and would be the same again: its log has more of request ${request}.`,
    };
  return {
    status: 503,
    detail: 'It cannot be done at the moment; the log of the bridge says why. Try again later.',
  };
}

/** To try again would not help. An answer that is not as we have described it is one of them. */
const isOurs = (error: unknown): boolean => isDefect(error) || isResponseSerializationError(error);
