import type { Asking } from './api.ts';
import { randomId } from './random.ts';

/** One message of the conversation, as it is kept in this browser. */
export interface Line {
  readonly id: string;
  /** Grows with each change that is kept: of two tabs' copies the later one counts. */
  version: number;
  readonly role: 'user' | 'bot';
  text: string;
  /** Of an answer: how it was asked for, until the bridge has told by which id it can be followed. */
  asking?: Asking | undefined;
  message?: string | undefined;
  /** There is more to come. */
  isOpen?: boolean | undefined;
  /** What there is to say of it besides, and whether that is that it has failed. */
  note?: string | undefined;
  isTrouble?: boolean | undefined;
  tokens?: number | undefined;
}

interface Conversation {
  id: string;
  session: string | undefined;
  lines: Line[];
  followUps: readonly string[];
}

/** An answer of which nothing has been heard. */
export const blank = {
  text: '',
  asking: undefined,
  message: undefined,
  isOpen: undefined,
  note: undefined,
  isTrouble: undefined,
  tokens: undefined,
};

export const newLine = (role: Line['role'], rest: Partial<Line>): Line => ({
  id: randomId(),
  version: 0,
  role,
  text: '',
  ...rest,
});

const newConversation = (): Conversation => ({
  id: randomId(),
  session: undefined,
  lines: [],
  followUps: [],
});

const name = 'coze-bridge conversation';
/** Older ones are not shown again after a reload. */
const mostLines = 200;

const listIn = (found: unknown): unknown[] => (Array.isArray(found) ? found : []);

function isLine(found: unknown): found is Line {
  const { id, version, role, text } = (found ?? {}) as Partial<Line>;
  const isWhole = typeof id === 'string' && typeof version === 'number' && typeof text === 'string';
  return isWhole && (role === 'user' || role === 'bot');
}

/** What is there may be damaged, or of another version: only what can be shown is taken. */
function load(): Conversation | undefined {
  const { id, session, lines, followUps } = read() ?? {};
  if (typeof id !== 'string') return;
  return {
    id,
    session: typeof session === 'string' ? session : undefined,
    lines: listIn(lines).filter(isLine),
    followUps: listIn(followUps).filter((question) => typeof question === 'string'),
  };
}

function read(): Partial<Conversation> | undefined {
  try {
    return JSON.parse(localStorage.getItem(name) ?? '{}');
  } catch {
    // It is forbidden, or it is none of ours.
    return;
  }
}

/** Survives a reload, and is the same in all tabs of this browser. */
export const conversation: Conversation = load() ?? newConversation();

export function save(): void {
  const { lines, ...rest } = conversation;
  try {
    localStorage.setItem(name, JSON.stringify({ ...rest, lines: lines.slice(-mostLines) }));
  } catch {
    // There is no room, or it is forbidden: then a reload begins anew.
  }
}

/** Takes over what other tabs have kept, but `heard`, of which this one knows more; `isAnew`: one of them has begun anew. */
export function catchUp(heard: ReadonlySet<Line>): { isAnew: boolean; changed: Line[] } {
  const kept = load();
  if (!kept) return { isAnew: false, changed: [] };
  if (kept.id !== conversation.id) {
    Object.assign(conversation, kept);
    return { isAnew: true, changed: kept.lines };
  }
  const { session, followUps } = kept;
  Object.assign(conversation, { session, followUps });
  return { isAnew: false, changed: kept.lines.flatMap((line) => adopt(line, heard)) };
}

function adopt(kept: Line, heard: ReadonlySet<Line>): Line[] {
  const own = conversation.lines.find(({ id }) => id === kept.id);
  if (!own) conversation.lines.push(kept);
  else if (own.version >= kept.version) return [];
  else if (heard.has(own)) own.version = kept.version;
  else Object.assign(own, blank, kept);
  return [own ?? kept];
}

export function forget(): void {
  Object.assign(conversation, newConversation());
  save();
}
