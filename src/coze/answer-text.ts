import { type Loose, textIn } from './loose.ts';

export interface AnswerText {
  /** Takes in a delta. */
  append(message: Loose): void;
  /** Takes in a whole message. */
  complete(message: Loose): void;
  /** A message of the answer has been completed. */
  readonly completed: boolean;
  /** What is there of the answer. */
  readonly text: string;
  /** The same, at the end: a card alone still says that there is an answer. */
  readonly final: string;
}

const cardText =
  '[The bot answered with a card, which cannot be shown here. 智能体回复了一张卡片，无法在此显示。]';

/**
 * Builds the answer from its messages: a bot may give several, even at the same time, so each grows under its own id.
 * Only those of type `answer` are for the reader; `reasoning_content` is not.
 */
export function createAnswerText(): AnswerText {
  /** In the order of first appearance: ids and times do not tell it. */
  const texts = new Map<string, string>();
  let completed = false;
  let card = false;

  const put = (message: Loose, text: (before: string) => string): void => {
    const id = textIn(message.id) ?? '';
    texts.set(id, text(texts.get(id) ?? ''));
  };
  const joined = (): string => {
    let whole = '';
    // Not Array.join: adding strings copies nothing, however often it is done.
    for (const text of texts.values()) if (text) whole = whole ? `${whole}\n\n${text}` : text;
    return whole;
  };

  return {
    append(message) {
      const piece = isAnswer(message) && textIn(message.content);
      if (piece) put(message, (before) => before + piece);
    },
    complete(message) {
      if (!isAnswer(message)) return;
      completed = true;
      if (message.content_type === 'card') card = true;
      else put(message, () => textIn(message.content) ?? '');
    },
    get completed() {
      return completed;
    },
    get text() {
      return joined();
    },
    get final() {
      return joined() || (card ? cardText : '');
    },
  };
}

function isAnswer(message: Loose): boolean {
  return message.type === 'answer';
}
