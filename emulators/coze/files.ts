import { type AuthorizedCall, type Handler, queryId, type UploadedFile } from './call.ts';
import { badParameter, Refusal } from './refusal.ts';
import { seconds } from './state.ts';

const maxBytes = 512 * 1024 * 1024;

/** Plain text is not among them. */
const endings = new Set(
  [
    'jpg jpeg png gif webp heic heif bmp pcd tif tiff',
    'pdf doc docx xls xlsx ppt pptx csv numbers',
    'cpp py java c',
    'wav mp3 flac m4a aac ogg wma mid midi',
    'mp4 avi mov 3gp 3gpp flv webm wmv rmvb m4v mkv',
    'rar zip 7z gz gzip bz2',
  ].flatMap((list) => list.split(' ')),
);

export interface KeptFile {
  readonly id: string;
  /** The account that it was uploaded with: nobody else finds it. */
  readonly owner: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly createdAt: number;
}

/** The routes of `/v1/files`, and what was uploaded, by id. */
export function createFileRoutes(newId: () => string) {
  const kept = new Map<string, KeptFile>();

  const upload: Handler = (call) => {
    const { name, bytes } = fileIn(call);
    const file: KeptFile = { id: newId(), owner: call.account, name, bytes, createdAt: seconds() };
    kept.set(file.id, file);
    return { json: { data: view(file) } };
  };

  const retrieve: Handler = (call) => {
    const file = kept.get(queryId(call, 'file_id'));
    if (file?.owner !== call.account) throw new Refusal(4200, 'The file does not exist');
    return { json: { data: view(file) } };
  };

  return { upload, retrieve, kept };
}

const view = ({ id, name, bytes, createdAt }: KeptFile) => ({
  id,
  bytes: bytes.length,
  created_at: createdAt,
  file_name: name,
});

/** The one file; a part without a file name is none. */
function fileIn({ files }: AuthorizedCall): UploadedFile {
  if (!files) throw badParameter('the body is not multipart/form-data');
  if (files.length > 1) throw new Refusal(4301, 'Only one file can be uploaded at a time');
  const [file] = files;
  if (file?.field !== 'file') throw badParameter('the field file is required');
  if (file.bytes.length === 0) throw new Refusal(4300, 'The file is empty');
  if (file.bytes.length > maxBytes) throw new Refusal(4302, 'The file is larger than 512 MB');
  if (!endings.has(file.name.split('.').at(-1)?.toLowerCase() ?? ''))
    throw new Refusal(4303, 'The type of the file is not supported');
  return file;
}
