import type { Document } from 'grammy/types';
import type { Call } from './call.ts';
import type { UploadedFile } from './multipart.ts';
import { badRequest, Refusal } from './refusal.ts';

const maxUploadBytes = 50 * 1024 * 1024;

// The server goes by the name, not by the type that the part names.
const types: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  html: 'text/html',
  json: 'application/json',
  md: 'text/markdown',
  pdf: 'application/pdf',
  png: 'image/png',
  txt: 'text/plain',
  zip: 'application/zip',
};

/** The file of a sendDocument: uploaded with the call, or one that the server has already. */
export function readDocument(call: Call): { document: Document; bytes: Buffer } {
  const { params, files, world } = call;
  const named = params.document ?? '';
  const part = named.startsWith('attach://') ? named.slice('attach://'.length) : 'document';
  const uploaded = named === '' || part !== 'document' ? files.get(part) : undefined;
  if (uploaded !== undefined) return store(call, uploaded);
  if (named === '' || named.startsWith('attach://')) throw badRequest('there is no document in the request');
  // Nothing outside this machine is fetched.
  if (/^https?:/i.test(named)) throw badRequest('failed to get HTTP URL content');
  const known = world.files.get(named);
  if (known === undefined) throw badRequest('wrong file identifier/HTTP URL specified');
  return known;
}

function store({ world }: Call, { fileName, bytes }: UploadedFile) {
  if (bytes.length > maxUploadBytes) throw new Refusal(413, 'Request Entity Too Large');
  if (bytes.length === 0) throw badRequest('file must be non-empty');
  const id = world.nextId('file');
  const extension = /\.(\w+)$/.exec(fileName)?.[1]?.toLowerCase() ?? '';
  const document: Document = {
    file_name: fileName,
    mime_type: types[extension] ?? 'application/octet-stream',
    file_id: `emulated-file-${id}`,
    file_unique_id: `emulated-${id}`,
    file_size: bytes.length,
  };
  const stored = { document, bytes };
  world.files.set(document.file_id, stored);
  return stored;
}
