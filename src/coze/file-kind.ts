import type { FileKind } from '../core/message.ts';

// https://www.coze.cn/docs/developer_guides/upload_files; what is neither is a file.
const endings = {
  image: ['jpg', 'jpeg', 'png', 'gif', 'webp', 'heic', 'heif', 'bmp', 'pcd', 'tif', 'tiff'],
  audio: ['wav', 'mp3', 'flac', 'm4a', 'aac', 'ogg', 'wma', 'mid', 'midi'],
};

/** What a file is to Coze, which goes by the ending of its name. */
export function fileKind(name: string): FileKind {
  const ending = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  if (endings.image.includes(ending)) return 'image';
  return endings.audio.includes(ending) ? 'audio' : 'file';
}
