import type { Receive } from '../../src/core/ports/platform.ts';
import type { Tools } from '../platform.ts';
import { createCall } from './call.ts';
import { createClient } from './client.ts';
import { stayConnected } from './connection.ts';
import { hear } from './hear.ts';
import { createLines } from './lines.ts';
import { createRegistration } from './registration.ts';
import type { DiscordSettings } from './settings.ts';
import { createTolerance } from './tolerance.ts';

export interface ReceiveLimits {
  /** How long a call may take, such as the one that acknowledges a slash command. */
  readonly callMs: number;
  /** How long the end may wait: for the goodbye, and for what is on its way to the store. */
  readonly leaveMs: number;
  /** How long nothing may come of an attempt to connect. */
  readonly silentMs: number;
}

const usualLimits: ReceiveLimits = { callMs: 5_000, leaveMs: 2_000, silentMs: 60_000 };

/** Hears Discord over its gateway, and keeps what it hears until it is delivered. */
export function receiveFromDiscord(
  settings: DiscordSettings,
  { clock, log }: Pick<Tools, 'clock' | 'log'>,
  limits: Partial<ReceiveLimits> = {},
): Receive {
  const { callMs, ...connectionLimits } = { ...usualLimits, ...limits };
  const { leaveMs } = connectionLimits;
  return async (deliver, signal, ready) => {
    if (signal.aborted) return;
    const call = createCall(settings, callMs);
    const lines = createLines({ deliver, clock, log, signal });
    const tolerate = createTolerance(log);
    const register = createRegistration({ call, clock, log, signal });
    try {
      await stayConnected({
        async open() {
          const client = await createClient(settings);
          tolerate(client);
          hear(client, { call, lines, clock, log, signal, readsAll: settings.DISCORD_MESSAGE_CONTENT });
          return client;
        },
        async onReady({ application }) {
          await register(application.id);
          ready();
        },
        token: settings.DISCORD_BOT_TOKEN,
        ...connectionLimits,
        clock,
        log,
        signal,
      });
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      await Promise.race([lines.empty(), clock.sleep(leaveMs)]);
    }
  };
}
