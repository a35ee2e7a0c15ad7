import { randomUUID } from 'node:crypto';
import { controlKey, conversationKey } from '../../src/core/addressing.ts';
import type { Enclosure } from '../../src/core/message.ts';
import type { Deliver } from '../../src/core/ports/platform.ts';
import type { Session } from '../../src/core/ports/sessions.ts';
import type { Desk } from '../platform.ts';
import { type Asker, idOf, toInbound } from './inbound.ts';
import { name } from './name.ts';
import { Refusal } from './refusal.ts';

/** A question that is safe in the store. */
export interface Asked {
  readonly message: string;
  readonly session: string;
}

interface Question extends Asker {
  readonly owner: string;
  /** Its name: a question that was asked under it already is not asked again. */
  readonly message: string;
  readonly text: string;
  readonly enclosure?: Enclosure;
}

/** Where questions are handed in; sessions and answers of another owner are not there. */
export interface Counter {
  ask(question: Question): Promise<Asked>;
  session(id: string, owner: string): Promise<Session>;
  /** Coze's conversation of a session, if it has one by now, and whether something is asked there. */
  state(
    session: Session,
  ): Promise<{ readonly conversationId: string | undefined; readonly isAnswering: boolean }>;
  /** Throws if this owner has asked no such thing. */
  check(message: string, owner: string): Promise<Asked>;
  /** Starts a new conversation in a session. */
  clear(asker: Asker & { readonly owner: string }): Promise<void>;
  /** `stopped`: it waited for its turn, and is not asked any more. */
  stop(asked: Asked): Promise<'stopping' | 'stopped' | 'ended'>;
  /** Whether its question is in hand, or waits. */
  isUnanswered(asked: Asked): Promise<boolean>;
}

/** So many questions of one session may wait: each is a connection, and costs its owner an answer. */
const mostWaiting = 10;

/** An answer takes some seconds: then there is room for another question. */
const soonSeconds = 5;

const keyOf = (session: string): string =>
  conversationKey(toInbound('', '', { session, user: '', locale: undefined }), 'personal');

/** The session that a conversation key is of; undefined for one of another platform. */
function sessionOf(key: string): string | undefined {
  const [platform, , session] = key.split(':').map(decodeURIComponent);
  return platform === name ? session : undefined;
}

export function createCounter(desk: Desk, deliver: Deliver): Counter {
  const { feed, sessions, conversations, interrupts, mailbox } = desk;

  /** Coze tells the token of the bridge whatever was said anywhere: whose it is, we must know ourselves. */
  async function assertFree(conversationId: string, owner: string): Promise<void> {
    const holder = await conversations.holder(conversationId);
    const session = holder && sessionOf(holder);
    // A session that nobody has asked in for long is not known any more: then the id is all that tells.
    const isFree = !holder || (session && ((await sessions.find(session))?.owner ?? owner) === owner);
    if (!isFree) throw new Refusal(404, 'There is no such conversation, or it is somebody else’s.');
  }

  async function letIn({ owner, session, user, message, enclosure }: Question): Promise<void> {
    const isTheirs = (await sessions.find(session))?.owner === owner;
    if (isTheirs && (await mailbox.count(keyOf(session))) > mostWaiting)
      throw new Refusal(429, `More than ${mostWaiting} questions of this session wait for their answers.`, {
        'retry-after': String(soonSeconds),
      });
    if (enclosure?.conversationId) await assertFree(enclosure.conversationId, owner);
    if (!(await sessions.ask({ id: session, owner, user }))) throw noSession();
    await feed.append(message, { type: 'asked', session, owner });
  }

  return {
    async ask(question) {
      const { owner, message, text, enclosure, ...asker } = question;
      const { session } = asker;
      // Whoever let it in may have died before it was put.
      if (!(await feed.first(message))) await letIn(question);
      await deliver(toInbound(text, message, asker, enclosure));
      return { message, session };
    },
    async session(id, owner) {
      const found = await sessions.find(id);
      if (found?.owner !== owner) throw noSession();
      return found;
    },
    async state({ id }) {
      const key = keyOf(id);
      const [{ conversationId }, count] = await Promise.all([conversations.find(key), mailbox.count(key)]);
      return { conversationId, isAnswering: count > 0 };
    },
    async check(message, owner) {
      const first = await feed.first(message);
      if (first?.type !== 'asked' || first.owner !== owner)
        throw new Refusal(404, 'There is no such message: it was never asked, or more than an hour ago.');
      return { message, session: first.session };
    },
    async clear({ owner, ...asker }) {
      const message = randomUUID();
      await feed.append(message, { type: 'asked', session: asker.session, owner });
      // The same as when it is written: what is being answered is stopped, and what Coze remembers is cleared.
      await deliver(toInbound('/reset', message, asker));
    },
    async stop({ message, session }) {
      const key = keyOf(session);
      const id = idOf(message);
      if (await mailbox.withdraw(key, id)) {
        await feed.append(message, { type: 'end', ended: { outcome: 'stopped' } });
        return 'stopped';
      }
      if (!(await mailbox.stop(key, id))) return 'ended';
      await interrupts.send({ key, stop: id });
      return 'stopping';
    },
    async isUnanswered({ message, session }) {
      const key = keyOf(session);
      const lines = await Promise.all([mailbox.line(key), mailbox.line(controlKey(key))]);
      return lines.flat().some(({ id }) => id === idOf(message));
    },
  };
}

const noSession = () => new Refusal(404, 'There is no such session.');
