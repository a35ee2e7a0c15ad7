import { randomUUID } from 'node:crypto';
import { controlKey } from '../../src/core/addressing.ts';
import { sessionKeptForMs } from '../../src/core/lifetimes.ts';
import type { Enclosure } from '../../src/core/message.ts';
import type { Deliver } from '../../src/core/ports/platform.ts';
import type { Session } from '../../src/core/ports/sessions.ts';
import type { Desk } from '../platform.ts';
import { type Asker, idOf, keyOf, ownerIn, type Place, toInbound } from './inbound.ts';
import { Refusal } from './refusal.ts';

/** A question that is safe in the store. */
export interface Asked extends Place {
  readonly message: string;
}

interface Question extends Asker {
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
  clear(asker: Asker): Promise<void>;
  /** `stopped`: it waited for its turn, and is not asked any more. */
  stop(asked: Asked): Promise<'stopping' | 'stopped' | 'ended'>;
  /** Whether its question is in hand, or waits. */
  isUnanswered(asked: Asked): Promise<boolean>;
}

/** So many questions of one session may wait: each is a connection, and costs its owner an answer. */
const mostWaiting = 10;

/** An answer takes some seconds: then there is room for another question. */
const soonSeconds = 5;

export function createCounter(desk: Desk, deliver: Deliver): Counter {
  const { feed, sessions, conversations, interrupts, mailbox } = desk;

  /** Coze tells the token of the bridge whatever was said anywhere: whose it is, we must know ourselves. */
  async function takeOver(conversationId: string, place: Place): Promise<void> {
    if (ownerIn(await conversations.claim(conversationId, keyOf(place))) !== place.owner)
      throw new Refusal(404, 'There is no such conversation, or it is somebody else’s.');
  }

  async function letIn({ owner, session, user, message, enclosure }: Question): Promise<void> {
    const key = keyOf({ owner, session });
    const isTheirs = (await sessions.find(session))?.owner === owner;
    if (isTheirs && (await mailbox.count(key)) > mostWaiting)
      throw new Refusal(429, `More than ${mostWaiting} questions of this session wait for their answers.`, {
        'retry-after': String(soonSeconds),
      });
    await conversations.keepFor(key, sessionKeptForMs);
    if (enclosure?.conversationId) await takeOver(enclosure.conversationId, { owner, session });
    if (!(await sessions.ask({ id: session, owner, user }))) throw noSession();
    // Of two at once, one.
    await feed.append(message, { type: 'asked', session, owner }, '0');
  }

  return {
    async ask(question) {
      const { message, text, enclosure, ...asker } = question;
      const { owner, session } = asker;
      const isKnown = await mailbox.knows(idOf(message));
      // Whoever let it in may have died before it was put.
      if (!(await feed.first(message))) {
        if (isKnown)
          throw new Refusal(409, 'This Idempotency-Key is an older question’s: the answer is gone.');
        await letIn(question);
      }
      // Heard again, an old command would do to newer questions what it did to older ones.
      if (!isKnown) await deliver(toInbound(text, message, asker, enclosure));
      return { message, owner, session };
    },
    async session(id, owner) {
      const found = await sessions.find(id);
      if (found?.owner !== owner) throw noSession();
      return found;
    },
    async state({ id, owner }) {
      const key = keyOf({ owner, session: id });
      const [{ conversationId }, count] = await Promise.all([conversations.find(key), mailbox.count(key)]);
      return { conversationId, isAnswering: count > 0 };
    },
    async check(message, owner) {
      const first = await feed.first(message);
      if (first?.type !== 'asked' || first.owner !== owner)
        throw new Refusal(404, 'There is no such message: it was never asked, or more than an hour ago.');
      return { message, owner, session: first.session };
    },
    async clear(asker) {
      // The same as when it is written: what is being answered is stopped, and what Coze remembers is cleared.
      await deliver(toInbound('/reset', randomUUID(), asker));
    },
    async stop({ message, ...place }) {
      const key = keyOf(place);
      const id = idOf(message);
      if (await mailbox.withdraw(key, id)) {
        await feed.append(message, { type: 'end', ended: { outcome: 'stopped' } });
        return 'stopped';
      }
      if (!(await mailbox.stop(key, id))) return 'ended';
      await interrupts.send({ key, stop: id });
      return 'stopping';
    },
    async isUnanswered({ message, ...place }) {
      const key = keyOf(place);
      const lines = await Promise.all([mailbox.line(key), mailbox.line(controlKey(key))]);
      return lines.flat().some(({ id }) => id === idOf(message));
    },
  };
}

const noSession = () => new Refusal(404, 'There is no such session.');
