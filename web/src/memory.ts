/** One message of the conversation, as it is kept in this browser. */
export interface Line {
  readonly role: 'user' | 'bot';
  text: string;
  /** Of an answer: by which it can be followed, and whether there is more to come. */
  message?: string;
  isOpen?: boolean;
  /** What there is to say of it besides, and whether that is that it has failed. */
  note?: string;
  isTrouble?: boolean;
  tokens?: number;
}

interface Conversation {
  session: string | undefined;
  lines: Line[];
  followUps: readonly string[];
}

const name = 'coze-bridge conversation';
/** Older ones are not shown again after a reload. */
const mostLines = 200;

/** Survives a reload. */
export const conversation: Conversation = load();

function load(): Conversation {
  try {
    const kept = JSON.parse(localStorage.getItem(name) ?? 'null') as Conversation | null;
    if (kept && Array.isArray(kept.lines)) return kept;
  } catch {
    // Whatever it was, it is none of ours.
  }
  return { session: undefined, lines: [], followUps: [] };
}

export function keep(): void {
  const { lines, ...rest } = conversation;
  try {
    localStorage.setItem(name, JSON.stringify({ ...rest, lines: lines.slice(-mostLines) }));
  } catch {
    // There is no room, or it is forbidden: then a reload begins anew.
  }
}

export function forget(): void {
  Object.assign(conversation, { session: undefined, lines: [], followUps: [] });
  keep();
}
