import type { InboundMessage } from '../../src/core/message.ts';
import type { Deliver } from '../../src/core/ports/platform.ts';
import type { Tools } from '../platform.ts';
import { createAdmins } from './admins.ts';
import { createApi, type TelegramSettings } from './api.ts';
import { toInbound } from './inbound.ts';
import { createMoves } from './moves.ts';
import { toPressed } from './press.ts';
import { createAnswerQuery } from './queries.ts';
import { type Me, moveOf, queryIdOf, updateIdOf } from './update.ts';

const memberSeconds = 3;
const answerSeconds = 10;

/** Carries out what brings a message into the store; rejects when it is not there. */
type Store = (act: () => Promise<unknown>) => Promise<void>;

/**
 * Takes an update: what a person did is in the store when it resolves. Tells of one that cannot be read. `isMissed`: it
 * may have waited at Telegram for as long as nobody listened.
 */
export type Take = (update: unknown, store: Store, isMissed: boolean) => Promise<void>;

interface IntakeOptions extends Pick<Tools, 'clock' | 'log' | 'notes'> {
  readonly settings: TelegramSettings;
  readonly me: Me;
  readonly deliver: Deliver;
}

export function createIntake({ settings, me, deliver, clock, log, notes }: IntakeOptions): Take {
  const withAdmin = createAdmins({ api: createApi(settings, memberSeconds), clock });
  const moves = createMoves(notes, String(me.id));
  const answerQuery = createAnswerQuery(createApi(settings, answerSeconds), log);

  // A press has no date. It is later than what was said before it, even if our clock is behind that of Telegram.
  let lastSaidAt = 0;

  function read(update: unknown): InboundMessage | undefined {
    try {
      const said = toInbound(update, me);
      if (said) lastSaidAt = Math.max(lastSaidAt, said.sentAt);
      const message = said ?? toPressed(update, me, Math.max(clock.now(), lastSaidAt));
      if (message || updateIdOf(update) !== undefined) return message;
    } catch {
      // As with one that has no number.
    }
    log.error({}, 'an update could not be read, and is left out');
    return undefined;
  }

  return async (update, store, isMissed) => {
    const message = read(update);
    const query = queryIdOf(update);
    const move = moveOf(update);
    if (move) await store(() => moves.keep(move));
    let said: string | undefined;
    if (message) {
      const heard = await withAdmin(message);
      await store(async () => {
        const followed = await moves.follow(heard);
        said = (await deliver(isMissed ? { ...followed, isMissed } : followed)) || undefined;
      });
    }
    if (query !== undefined) answerQuery(query, said);
  };
}
