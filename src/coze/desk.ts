import { CozeFailed } from '../core/errors.ts';
import type { FileKind } from '../core/message.ts';
import type { CozeDesk, StoredFile } from '../core/ports/coze.ts';
import { type AccessSettings, openAccess } from './access.ts';
import { botsEverywhere, botsOf } from './bots.ts';
import { call } from './call.ts';
import { fileKind } from './file-kind.ts';
import { requireId } from './ids.ts';
import { loose, textIn } from './loose.ts';
import type { Access } from './wire.ts';

/** What its owner may ask of Coze besides. */
interface OwnersDesk extends CozeDesk {
  /** Rejects unless Coze accepts the token. */
  checkToken(): Promise<void>;
  /** What the bot is called. Rejects when it cannot be asked by the API. */
  nameOf(botId: string): Promise<string>;
}

/** So many files are known without asking. */
const kindsKept = 10_000;

/** All with the one token that is nobody's session. */
export function createCozeDesk(settings: AccessSettings): OwnersDesk {
  const access = openAccess(settings)();
  /** Of what was uploaded last: most files are asked about soon, and every call counts in a free account. */
  const kinds = new Map<string, FileKind>();
  return {
    bots: (workspaceId) => (workspaceId === undefined ? botsEverywhere(access) : botsOf(access, workspaceId)),
    async upload(file, signal) {
      const stored = await upload(access, file, signal);
      kinds.set(stored.id, fileKind(stored.name));
      const [oldest] = kinds.keys();
      if (kinds.size > kindsKept && oldest !== undefined) kinds.delete(oldest);
      return stored;
    },
    kindOf: async (fileId) => {
      const known = kinds.get(fileId);
      if (known) return known;
      const name = await nameOfFile(access, fileId).catch(unlessUnknown);
      return name === undefined ? undefined : fileKind(name);
    },
    checkToken: () => call(access, (coze) => coze.users.me()).then(() => undefined, unlessNotAllowed),
    async nameOf(botId) {
      const id = requireId(botId);
      const bot: unknown = await call(access, (coze) => coze.bots.retrieveNew(id, { is_published: true }));
      return textIn(loose(bot)?.name) ?? '';
    },
  };
}

/** Not by the SDK's own call: in Node it sends no name along, or nothing at all. */
async function upload(
  access: Access,
  { name, bytes }: Parameters<CozeDesk['upload']>[0],
  signal: AbortSignal | undefined,
): Promise<StoredFile> {
  const { limits } = access;
  const patient = { ...access, limits: { ...limits, requestMs: limits.uploadMs } };
  const reply: unknown = await call(
    patient,
    (coze) => {
      const form = new FormData();
      form.append('file', new File([bytes], name));
      return coze.post('/v1/files/upload', form);
    },
    signal,
  );
  const data = loose(loose(reply)?.data) ?? {};
  return {
    id: requireId(textIn(data.id) ?? ''),
    name: textIn(data.file_name) ?? name,
    bytes: typeof data.bytes === 'number' ? data.bytes : bytes.length,
  };
}

async function nameOfFile(access: Access, fileId: string): Promise<string> {
  const id = requireId(fileId);
  const file: unknown = await call(access, (coze) => coze.files.retrieve(id));
  return textIn(loose(file)?.file_name) ?? '';
}

/** It need not be allowed to learn whose it is: then it has been recognised all the same. */
function unlessNotAllowed(error: unknown): void {
  if (!(error instanceof CozeFailed) || error.facts.code !== 4101) throw error;
}

/** 4000 and 4200 are what Coze says of ids that it does not know; what is no id at all is not asked for. */
function unlessUnknown(error: unknown): string | undefined {
  if (!(error instanceof CozeFailed)) throw error;
  const { kind, code } = error.facts;
  // A Coze Studio has no such call: nobody can tell.
  if (code === 404) return '';
  if (kind !== 'gone' && code !== 4000 && code !== 4200) throw error;
  return undefined;
}
