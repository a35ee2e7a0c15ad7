import { type Block, type Inline, plainText } from './tree.ts';

/** All that a text says, without white space. */
export function wordsOf(blocks: readonly Block[]): string {
  return blocks.map(wordsOfBlock).join('').replace(/\s+/g, '');
}

function wordsOfBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
    case 'heading':
      return plainText(block.children);
    case 'code':
    case 'math':
      return block.text;
    case 'quote':
    case 'reasoning':
      return wordsOf(block.blocks);
    case 'list':
      return block.items.map(({ blocks }) => wordsOf(blocks)).join('');
    case 'table':
      return block.rows
        .flat()
        .map((cell: readonly Inline[]) => plainText(cell))
        .join('');
    default:
      return '';
  }
}
