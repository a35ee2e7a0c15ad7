import type { Message } from 'grammy/types';
import type { World } from './world.ts';

/** What people send besides text, with the fields that the real server gives. */
export type MediaKind = 'photo' | 'voice' | 'sticker' | 'document' | 'location' | 'video';

export interface MediaOptions {
  readonly fileName?: string;
  readonly mimeType?: string;
}

export function createMedia(world: World, kind: MediaKind, options: MediaOptions): Partial<Message> {
  const file = (sizeBytes: number) => {
    const id = world.nextId('file');
    return { file_id: `emulated-file-${id}`, file_unique_id: `emulated-${id}`, file_size: sizeBytes };
  };
  const named = {
    ...(options.fileName !== undefined && { file_name: options.fileName }),
    ...(options.mimeType !== undefined && { mime_type: options.mimeType }),
  };
  switch (kind) {
    case 'photo': {
      const sizes = [90, 320, 800].map((width) => ({ ...file(width * 40), width, height: (width * 3) / 4 }));
      return { photo: sizes };
    }
    case 'voice':
      return { voice: { ...file(12_000), duration: 3, mime_type: 'audio/ogg' } };
    case 'sticker':
      return {
        sticker: {
          ...file(20_000),
          type: 'regular',
          width: 512,
          height: 512,
          is_animated: false,
          is_video: false,
          emoji: '👋',
          set_name: 'Emulated',
        },
      };
    case 'document':
      return {
        document: { ...file(34_000), file_name: 'notes.pdf', mime_type: 'application/pdf', ...named },
      };
    case 'location':
      return { location: { latitude: 31.2304, longitude: 121.4737 } };
    case 'video':
      return {
        video: { ...file(900_000), width: 640, height: 360, duration: 5, mime_type: 'video/mp4', ...named },
      };
  }
}
