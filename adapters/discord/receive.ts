import type { Receive } from '../../src/core/ports/platform.ts';
import type { Tools } from '../platform.ts';
import { createCall } from './call.ts';
import { createClient } from './client.ts';
import { stayConnected } from './connection.ts';
import { hear } from './hear.ts';
import { createLines } from './lines.ts';
import { createMissed } from './missed.ts';
import { createRegistration } from './registration.ts';
import { createSeen } from './seen.ts';
import type { DiscordSettings } from './settings.ts';
import { createStarts } from './starts.ts';
import { createTolerance } from './tolerance.ts';

export interface ReceiveLimits {
  /** How long a call may take, such as the one that acknowledges a slash command. */
  readonly callMs: number;
  /** How long the end may wait: for the goodbye, and for what is on its way to the store. */
  readonly leaveMs: number;
  /** How long nothing may come of attempts to connect. */
  readonly silentMs: number;
  /** How long what is written waits for what was written before and cannot be looked up. */
  readonly patienceMs: number;
}

const usualLimits: ReceiveLimits = {
  callMs: 5_000,
  leaveMs: 2_000,
  silentMs: 60_000,
  patienceMs: 120_000,
};

/** Hears Discord over its gateway, and keeps what it hears until it is delivered. */
export function receiveFromDiscord(
  settings: DiscordSettings,
  { clock, log, notes, answerWithinMs }: Pick<Tools, 'clock' | 'log' | 'notes' | 'answerWithinMs'>,
  limits: Partial<ReceiveLimits> = {},
): Receive {
  const { callMs, patienceMs, ...connectionLimits } = { ...usualLimits, ...limits };
  const { leaveMs } = connectionLimits;
  const starts = createStarts(clock);
  return async (deliver, signal, ready, deaf) => {
    if (signal.aborted) return;
    const world = { clock, log, signal };
    const call = createCall(settings, callMs);
    const seen = createSeen({ notes, ...world });
    const missed = createMissed({ call, seen, answerWithinMs, patienceMs, ...world });
    const lines = createLines({ deliver, caughtUp: missed.caughtUp, ...world });
    const tolerance = createTolerance(log);
    const register = createRegistration({ call, ...world });
    const owing = new Set<string>();
    let isReady = false;
    try {
      await stayConnected({
        async open() {
          const opened = await createClient(settings, { starts, clock, tell: tolerance.tell });
          tolerance.guard(opened.client);
          hear(opened.client, {
            call,
            lines,
            seen,
            missed,
            owing,
            readsAll: settings.DISCORD_MESSAGE_CONTENT,
            ...world,
          });
          return opened;
        },
        async onReady({ application }) {
          await register(application.id);
          isReady = true;
          ready();
        },
        onFound: () => isReady && ready(),
        onLost: (reason) => deaf?.(reason),
        token: settings.DISCORD_BOT_TOKEN,
        ...connectionLimits,
        ...world,
      });
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      await Promise.race([lines.empty().then(seen.settle), clock.sleep(leaveMs)]);
    }
  };
}
