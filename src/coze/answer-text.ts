import type { Answer } from '../core/ports/coze.ts';
import { type Loose, textIn } from './loose.ts';
import { partThoughts } from './thoughts.ts';

export interface AnswerText {
  /** Takes in a delta. */
  append(message: Loose): void;
  /** Takes in a whole message. */
  complete(message: Loose): void;
  /** A message of the answer has been completed. */
  readonly completed: boolean;
  /** What is there of the answer, and of the thoughts before it. */
  soFar(): { readonly text: string; readonly reasoning: string };
  /** All of it, at the end: a card alone still says that there is an answer. */
  readonly whole: Omit<Answer, 'usage'>;
}

const cardText =
  '[The bot answered with a card, which cannot be shown here. 智能体回复了一张卡片，无法在此显示。]';

/** Coze suggests three. */
const mostFollowUps = 5;

/**
 * Builds the answer from its messages: a bot may give several, even at the same time, so each grows under its own id.
 * Only those of type `answer` are for the reader. What the bot thinks comes as `reasoning_content`, or, from some models,
 * in the answer itself, between `<think>` and `</think>` at its beginning.
 */
export function createAnswerText(): AnswerText {
  const texts = createTexts();
  const thoughts = createTexts();
  const followUps: string[] = [];
  let completed = false;
  let card = false;
  /** It begins with no thought. Known after a few characters: to read the whole text at each delta would take long. */
  let isPlain = false;

  const parted = (isWhole: boolean) => {
    const all = texts.joined();
    if (isPlain && !isWhole) return { text: all, reasoning: thoughts.joined() };
    const { text, reasoning } = partThoughts(all, isWhole);
    isPlain = text !== '' && text === all;
    return { text, reasoning: [thoughts.joined(), reasoning].filter(Boolean).join('\n\n') };
  };

  return {
    append(message) {
      if (message.type !== 'answer') return;
      texts.append(message.id, textIn(message.content));
      thoughts.append(message.id, textIn(message.reasoning_content));
    },
    complete(message) {
      const followUp = message.type === 'follow_up' && textIn(message.content)?.trim();
      if (followUp && followUps.length < mostFollowUps) followUps.push(followUp);
      if (message.type !== 'answer') return;
      completed = true;
      if (message.content_type === 'card') card = true;
      else texts.replace(message.id, textIn(message.content) ?? '');
      // Whether the thoughts are repeated here is documented nowhere.
      const thought = textIn(message.reasoning_content);
      if (thought) thoughts.replace(message.id, thought);
    },
    get completed() {
      return completed;
    },
    soFar: () => parted(false),
    get whole() {
      const { text, reasoning } = parted(true);
      return {
        text: text || (card ? cardText : ''),
        ...(reasoning && { reasoning }),
        ...(followUps.length > 0 && { followUps }),
      };
    },
  };
}

/** The texts of several messages. */
function createTexts() {
  /** In the order of first appearance: ids and times do not tell it. */
  const texts = new Map<string, string>();
  const nameOf = (id: unknown) => textIn(id) ?? '';
  return {
    append(id: unknown, piece: string | undefined): void {
      if (piece) texts.set(nameOf(id), (texts.get(nameOf(id)) ?? '') + piece);
    },
    replace: (id: unknown, text: string) => void texts.set(nameOf(id), text),
    joined(): string {
      let whole = '';
      // Not Array.join: adding strings copies nothing, however often it is done.
      for (const text of texts.values()) if (text) whole = whole ? `${whole}\n\n${text}` : text;
      return whole;
    },
  };
}
