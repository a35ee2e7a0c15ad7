import { randomBytes } from 'node:crypto';
import type { BotState, World } from '../world.ts';
import type { GatewayEvent } from './event.ts';
import { createSession, type Session, type Shard } from './session.ts';

export interface SessionsOptions {
  readonly world: World;
  /** How long a session without a connection can be resumed. */
  readonly resumableForMs: number;
  /** Between two IDENTIFYs of a bot; a client that hurries is told that its session is invalid. */
  readonly identifyIntervalMs: number;
  /** IDENTIFYs in a day. */
  readonly sessionStarts: number;
}

export interface Sessions {
  /** Nothing when it comes too soon after the one before. */
  open(bot: BotState, intents: number, shard: Shard): Session | undefined;
  find(id: string, token: string): Session | undefined;
  /** The connection has ended with this code: some codes end the session too. */
  leave(session: Session, closeCode: number): void;
  end(session: Session): void;
  publish(event: GatewayEvent): void;
  /** Tells every session of something, whether or not it can be. */
  tell(name: string, data: unknown): void;
  startsLeft(bot: BotState): { readonly remaining: number; readonly resetAfterMs: number };
}

const dayMs = 24 * 60 * 60 * 1000;

export function createSessions(options: SessionsOptions): Sessions {
  const { world, resumableForMs, identifyIntervalMs, sessionStarts } = options;
  const sessions = new Map<string, Session>();
  const starts = new Map<BotState, number[]>();

  const startsToday = (bot: BotState) => (starts.get(bot) ?? []).filter((at) => at > world.now() - dayMs);

  function isOver(session: Session): boolean {
    const since = session.detachedAt();
    return since !== undefined && world.now() - since > resumableForMs;
  }

  return {
    open(bot, intents, shard) {
      const before = startsToday(bot);
      const tooSoon = world.now() - (before.at(-1) ?? 0) < identifyIntervalMs;
      if (tooSoon || before.length >= sessionStarts) return undefined;
      starts.set(bot, [...before, world.now()]);
      const session = createSession(randomBytes(16).toString('hex'), bot, intents, shard);
      sessions.set(session.id, session);
      return session;
    },
    find(id, token) {
      const found = sessions.get(id);
      return found?.bot.token === token && !isOver(found) ? found : undefined;
    },
    leave(session, closeCode) {
      if (closeCode === 1000 || closeCode === 1001) sessions.delete(session.id);
      else session.detach(world.now());
    },
    end: ({ id }) => sessions.delete(id),
    publish(event) {
      for (const session of sessions.values()) {
        if (isOver(session)) sessions.delete(session.id);
        else session.offer(event);
      }
    },
    tell(name, data) {
      for (const session of sessions.values()) session.dispatch(name, data);
    },
    startsLeft(bot) {
      const today = startsToday(bot);
      const resetAfterMs = today[0] === undefined ? 0 : today[0] + dayMs - world.now();
      return { remaining: sessionStarts - today.length, resetAfterMs };
    },
  };
}
