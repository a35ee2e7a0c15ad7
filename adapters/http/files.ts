import multipart from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Enclosure } from '../../src/core/message.ts';
import type { CozeDesk } from '../../src/core/ports/coze.ts';
import type { Routing } from './app.ts';
import { localeIn } from './inbound.ts';
import { Refusal, refusalOf } from './refusal.ts';
import type { ChatBody } from './shapes.ts';

const stored = z.object({ id: z.string(), bytes: z.number(), file_name: z.string() });

/** Files go to Coze, which keeps them: a question names them by their ids. */
export function filesRoute({ app, coze, settings, log }: Routing): void {
  const maxBytes = settings.SERVER_MAX_BODY;
  // In a scope of its own: nowhere else is a form taken, and here nothing else.
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _body, done) => done(null));
    // Of what is no file nothing is kept.
    const ofFields = { fields: 10, fieldSize: 1_024 };
    await scope.register(multipart, { limits: { files: 1, fileSize: maxBytes, parts: 11, ...ofFields } });
    scope.post(
      '/files',
      {
        schema: {
          summary: 'Takes a file for questions: multipart/form-data, with one part that has a file name',
          consumes: ['multipart/form-data'],
          response: { 200: stored },
        },
      },
      async (request, reply) => {
        const { headers } = request;
        const file = await read(request, maxBytes);
        const gone = new AbortController();
        reply.raw.once('close', () => gone.abort());
        const { id, bytes, name } = await coze.upload(file, gone.signal).catch((error: unknown) => {
          if (gone.signal.aborted) throw new Refusal(400, 'The connection was closed.');
          log.warn({ trouble: error }, 'a file could not be uploaded');
          throw refusalOf(error, localeIn(headers['accept-language']));
        });
        return { id, bytes, file_name: name };
      },
    );
  });
}

interface GivenFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The one file of a form, whole. */
async function read(request: FastifyRequest, maxBytes: number): Promise<GivenFile> {
  if (!request.isMultipart()) throw new Refusal(415, `Send the file as multipart/form-data${example}.`);
  const file = await Promise.race([fileIn(request), tooLarge(request, maxBytes)]).catch((error: unknown) => {
    throw inWords(error, maxBytes);
  });
  if (!file) throw new Refusal(422, `There is no file in it${example}.`);
  // Coze goes by the ending of the name.
  if (!file.name) throw new Refusal(422, 'The file has no name: its part needs a file name with an ending.');
  if (!/^[^\p{Cc}\p{Cs}]{1,255}$/u.test(file.name))
    throw new Refusal(422, 'The name of the file is too long, or has control characters in it.');
  if (file.bytes.length === 0) throw new Refusal(422, 'The file is empty.');
  return file;
}

async function fileIn(request: FastifyRequest): Promise<GivenFile | undefined> {
  let file: GivenFile | undefined;
  for await (const part of request.parts())
    if (part.type === 'file') file ??= { name: part.filename, bytes: await part.toBuffer() };
  return file;
}

/** Rejects when a form has more bytes than a request may have: its own limits are for parts, and let the rest come. */
function tooLarge({ raw }: FastifyRequest, maxBytes: number): Promise<never> {
  let bytes = 0;
  return new Promise((_, reject) => {
    raw.on('data', ({ length }: Buffer) => {
      bytes += length;
      if (bytes > maxBytes) reject(largerThan(maxBytes));
    });
  });
}

/** More of the form may be on its way. */
const closing = { connection: 'close' };

const largerThan = (maxBytes: number) =>
  new Refusal(413, `The form with the file is larger than ${maxBytes} bytes (SERVER_MAX_BODY).`, closing);

const example = ', as curl -F file=@picture.png does';

const tooMany = /^FST_(FILES|FIELDS|PARTS)_LIMIT$/;

function inWords(error: unknown, maxBytes: number): Refusal {
  if (error instanceof Refusal) return error;
  const { code = '' } = Object(error) as { code?: string };
  if (code === 'FST_REQ_FILE_TOO_LARGE') return largerThan(maxBytes);
  if (tooMany.test(code))
    return new Refusal(422, 'One file at a time, and at most ten fields beside it.', closing);
  return new Refusal(422, 'The form cannot be read: it is broken, or has not come whole.', closing);
}

/** The files of a question, as Coze wants them called. */
export async function filesIn(
  { file_ids: ids = [] }: Pick<ChatBody, 'file_ids'>,
  coze: Pick<CozeDesk, 'kindOf'>,
  locale: string | undefined,
): Promise<NonNullable<Enclosure['files']>> {
  return Promise.all(
    ids.map(async (id) => {
      const kind = await coze.kindOf(id).catch((error: unknown) => {
        throw refusalOf(error, locale);
      });
      if (!kind)
        throw new Refusal(
          422,
          `file_ids: Coze has no file ${JSON.stringify(id)}: POST /files gives the ids.`,
        );
      return { id, kind };
    }),
  );
}
