import type { InboundMessage } from '../core/message.ts';
import type { TurnRecord } from '../core/ports/store.ts';

/** What the mail is called in Redis. */
export interface MailNames {
  /** The messages of one line, in order: a list of entries. */
  line(key: string): string;
  /** What is known of the first of them: its owner, its attempts, its record, whether its answer is still wanted. */
  turn(key: string): string;
  /** The one that was removed last, and its record. */
  answered(key: string): string;
  /** There as long as a message with this id is known. */
  seen(id: string): string;
  /** Who works. */
  readonly workers: string;
  /** The keys that have mail. */
  readonly waiting: string;
  readonly deadLetters: string;
  /** How many letters there have ever been. */
  readonly deadLetterCount: string;
}

export function mailNames(prefix: string): MailNames {
  return {
    line: (key) => `${prefix}:mail:${key}`,
    turn: (key) => `${prefix}:turn:${key}`,
    answered: (key) => `${prefix}:answered:${key}`,
    seen: (id) => `${prefix}:seen:${id}`,
    workers: `${prefix}:workers`,
    waiting: `${prefix}:waiting`,
    deadLetters: `${prefix}:dead-letters`,
    deadLetterCount: `${prefix}:dead-letter-count`,
  };
}

/** A message as it lies in its line: behind a line break, which JSON never has, the record it has brought along. */
export function toEntry(message: InboundMessage, record?: TurnRecord): string {
  return [message, ...(record ? [record] : [])].map((part) => JSON.stringify(part)).join('\n');
}

export function messageIn(entry: string): InboundMessage {
  return JSON.parse(entry.split('\n', 1)[0] ?? '');
}

/**
 * For scripts, which never decode a message: Lua would make other JSON of it. Inside a text every quote has a backslash,
 * so no text can look like the name of a field.
 */
export const luaForMail = `
  local function isOpen(entry) return entry:find('"openUntil":', 1, true) ~= nil end
  local function isUntouched(turn)
    local owner, attempts, record = unpack(redis.call('HMGET', turn, 'owner', 'attempts', 'record'))
    return not owner and not record and (not attempts or attempts == '0')
  end
`;
