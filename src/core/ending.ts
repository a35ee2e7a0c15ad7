import type { CozeFailureFacts } from './errors.ts';
import type { Answer } from './ports/coze.ts';

/** How a question ended; `text` is all there is of the answer. */
export type Ending =
  | (Answer & { readonly outcome: 'answered' })
  | { readonly outcome: 'stopped'; readonly text: string; readonly reasoning?: string }
  | {
      readonly outcome: 'failed';
      readonly text: string;
      readonly reasoning?: string;
      readonly facts: CozeFailureFacts;
    };
