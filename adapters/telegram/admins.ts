import type { Api } from 'grammy';
import { readWish } from '../../src/core/buttons.ts';
import { parseCommand } from '../../src/core/commands.ts';
import type { InboundMessage } from '../../src/core/message.ts';
import type { Clock } from '../../src/core/ports/world.ts';

const keptMs = 60_000;
const mostKept = 1_000;

interface AdminsOptions {
  /** One that gives up soon: what is heard waits for it. */
  readonly api: Api;
  readonly clock: Pick<Clock, 'now'>;
}

/** Adds to a message whether its author may decide for others there, where that makes a difference. */
export function createAdmins({ api, clock }: AdminsOptions) {
  const known = new Map<string, { readonly isAdmin: boolean; readonly until: number }>();

  async function isAdmin(chat: string, person: string): Promise<boolean> {
    const key = `${chat}/${person}`;
    const kept = known.get(key);
    if (kept && kept.until > clock.now()) return kept.isAdmin;
    const { status } = await api.getChatMember(Number(chat), Number(person));
    const found = {
      isAdmin: status === 'creator' || status === 'administrator',
      until: clock.now() + keptMs,
    };
    known.delete(key);
    known.set(key, found);
    const [oldest] = known.keys();
    if (known.size > mostKept && oldest !== undefined) known.delete(oldest);
    return found.isAdmin;
  }

  return async (message: InboundMessage): Promise<InboundMessage> => {
    if (message.addressed !== 'mention' || !isToStopOthers(message)) return message;
    const { author, target } = message;
    // Only administrators may write in the name of the group itself.
    const isGroup = author.id === target.channel;
    // Other groups and channels are not members; their ids are negative.
    const mayBe =
      isGroup || (Number(author.id) > 0 && (await isAdmin(target.channel, author.id).catch(() => false)));
    return mayBe ? { ...message, author: { ...author, isAdmin: true } } : message;
  };
}

function isToStopOthers({ text, pressed, author }: InboundMessage): boolean {
  if (pressed === undefined) return parseCommand(text) === 'stop';
  const wish = readWish(pressed);
  return wish?.kind === 'stop' && wish.asker !== author.id;
}
