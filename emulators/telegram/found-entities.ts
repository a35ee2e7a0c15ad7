import type { MessageEntity } from 'grammy/types';

type Found = MessageEntity.CommonMessageEntity;

const patterns: readonly (readonly [Found['type'], RegExp])[] = [
  [
    'url',
    /(?<![\w@.])(?:https?:\/\/[^\s<>"]+|(?:[a-z0-9-]+\.)+(?:com|org|net|io|cn|dev|me|app|ai)(?![\w@.-])(?:\/[^\s<>"]*)?)/giu,
  ],
  ['email', /(?<![\w.])[\w.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+/giu],
  ['mention', /(?<![\w@])@\w{3,32}(?!\w)/gu],
  ['bot_command', /(?<![\w/<>])\/\w{1,64}(?:@\w{3,32})?(?![\w/<>])/gu],
  ['hashtag', /(?<![\p{L}\p{N}_#@])#(?=[\p{N}_]*\p{L})[\p{L}\p{N}_]{1,255}/gu],
  ['cashtag', /(?<![\w$])\$[A-Z]{1,8}(?![\w$])/gu],
];

/**
 * The entities that the server finds in every text, whoever wrote it; some may overlap. Nearly its rules: rare top
 * domains are missing.
 */
export function findEntities(text: string): MessageEntity[] {
  return patterns.flatMap(([type, pattern]) =>
    [...text.matchAll(pattern)].map((match): Found => {
      const shown = type === 'url' ? match[0].replace(/[.,:;!?'")\]]+$/, '') : match[0];
      return { type, offset: match.index, length: shown.length };
    }),
  );
}
