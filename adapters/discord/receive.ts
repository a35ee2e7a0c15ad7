import type { Receive } from '../../src/core/ports/platform.ts';
import type { Tools } from '../platform.ts';
import { createCall } from './call.ts';
import { createClient } from './client.ts';
import { registerCommands } from './commands.ts';
import { stayConnected } from './connection.ts';
import { failureOf } from './failure.ts';
import { hear } from './hear.ts';
import { createLines } from './lines.ts';
import type { DiscordSettings } from './settings.ts';

export interface ReceiveLimits {
  /** How long a call may take, such as the one that acknowledges a slash command. */
  readonly callMs: number;
  /** How long the end may wait: for the goodbye, and for what is on its way to the store. */
  readonly leaveMs: number;
}

const usualLimits: ReceiveLimits = { callMs: 5_000, leaveMs: 2_000 };

/** Hears Discord over its gateway, and keeps what it hears until it is delivered. */
export function receiveFromDiscord(
  settings: DiscordSettings,
  { clock, log }: Pick<Tools, 'clock' | 'log'>,
  limits: Partial<ReceiveLimits> = {},
): Receive {
  const { callMs, leaveMs } = { ...usualLimits, ...limits };
  return async (deliver, signal, ready) => {
    if (signal.aborted) return;
    const call = createCall(settings, callMs);
    const lines = createLines({ deliver, clock, log, signal });
    try {
      await stayConnected({
        async open() {
          const client = await createClient(settings);
          hear(client, { call, lines, log, readsAll: settings.DISCORD_MESSAGE_CONTENT });
          return client;
        },
        async onReady({ application }) {
          await registerCommands(call, application.id).catch((error: unknown) => {
            log.warn({ reason: failureOf(error).reason }, 'the slash commands could not be registered');
          });
          ready();
        },
        token: settings.DISCORD_BOT_TOKEN,
        leaveMs,
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
