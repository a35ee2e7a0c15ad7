/** What a Markdown text says, apart from how any platform shows it. */

export type Inline =
  | { readonly kind: 'text' | 'code' | 'math'; readonly text: string }
  /** An address that stands in the text as it is, and that platforms make a link of by themselves. */
  | { readonly kind: 'url'; readonly text: string }
  | { readonly kind: 'break' }
  | { readonly kind: Style; readonly children: readonly Inline[] }
  /** An image is a link to it. The address is safe to open. */
  | { readonly kind: 'link'; readonly url: string; readonly children: readonly Inline[] };

export type Style = 'bold' | 'italic' | 'strike' | 'spoiler';

export interface Item {
  /** Its number in a numbered list. */
  readonly number: number | undefined;
  readonly done: boolean | undefined;
  /** It has begun in an earlier part. */
  readonly resumed: boolean;
  readonly blocks: readonly Block[];
  readonly line: number;
}

export type Alignment = 'left' | 'center' | 'right';

export type Table = Block & { readonly kind: 'table' };

export type Block = (
  | { readonly kind: 'paragraph'; readonly children: readonly Inline[] }
  | { readonly kind: 'heading'; readonly level: number; readonly children: readonly Inline[] }
  | {
      readonly kind: 'code' | 'math';
      readonly text: string;
      readonly language: string;
      readonly marker: string;
    }
  | { readonly kind: 'quote' | 'reasoning'; readonly blocks: readonly Block[] }
  | { readonly kind: 'list'; readonly items: readonly Item[] }
  | {
      readonly kind: 'table';
      readonly alignments: readonly (Alignment | undefined)[];
      /** The first one is the head. */
      readonly rows: readonly (readonly (readonly Inline[])[])[];
      /** Too wide for a phone, as its first row tells; nothing while there is none. */
      readonly isWide: boolean | undefined;
    }
  | { readonly kind: 'rule' }
) & {
  /** The lines of the source that it takes: from `line` on, before `endLine`. */
  readonly line: number;
  readonly endLine: number;
};

/** The words alone. */
export function plainText(nodes: readonly Inline[]): string {
  return nodes
    .map((node) => {
      if (node.kind === 'break') return ' ';
      return 'text' in node ? node.text : plainText(node.children);
    })
    .join('');
}

/** Whether anything of it can be seen. */
export const isVisible = (text: string): boolean => visible.test(text);

/** Not white space, nor a control, zero-width or blank character. */
const visible = /[^\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800\ufffc]/u;
