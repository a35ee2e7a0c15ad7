/** What a client hears of an answer, as JSON in the `data` of server-sent events. The page is built with this file too. */
export type AnswerEvent =
  | { readonly type: 'chunk'; readonly data: { readonly content: string; readonly chunk_index: number } }
  /** What was heard before was another one: this is it, so far. */
  | { readonly type: 'replace'; readonly data: { readonly content: string } }
  | { readonly type: 'complete'; readonly data: Complete }
  | { readonly type: 'error'; readonly data: Failed };

interface Ids {
  readonly message_id: string;
  readonly session_id: string;
  readonly conversation_id: string | null;
}

interface Complete extends Ids {
  readonly total_chunks: number;
  readonly full_content: string;
  readonly follow_ups: readonly string[];
  /** `said`: by the bridge, to a command. */
  readonly status: 'answered' | 'stopped' | 'said';
  /** Tokens, where Coze tells. */
  readonly usage: { readonly total: number; readonly input: number; readonly output: number } | null;
}

interface Failed extends Ids {
  /** In words for people. */
  readonly message: string;
  readonly code: string;
}
