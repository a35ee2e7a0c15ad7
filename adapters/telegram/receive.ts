import type { Deliver, Receive } from '../../src/core/ports/platform.ts';
import type { Log } from '../../src/core/ports/world.ts';
import type { Tools } from '../platform.ts';
import { createApi, failureOf, signalFor, type TelegramSettings } from './api.ts';
import { announceCommands } from './commands.ts';
import { toInbound } from './inbound.ts';
import { createPatience } from './patience.ts';
import { confirmUpTo, pollFrom } from './poll.ts';
import { type Me, meShape, type Update } from './update.ts';

export interface PollLimits {
  /** How long Telegram keeps a poll open when there is nothing to tell. */
  readonly pollSeconds: number;
  /** How much later than that the poll counts as dead. */
  readonly graceSeconds: number;
  /** How long the end may wait until Telegram knows what has been delivered. */
  readonly confirmSeconds: number;
}

const usualLimits: PollLimits = { pollSeconds: 30, graceSeconds: 15, confirmSeconds: 2 };
const announceSeconds = 5;

/** Hears Telegram by long polling. An update is confirmed there only after it has been delivered here. */
export function receiveFromTelegram(
  settings: TelegramSettings,
  { clock, log }: Pick<Tools, 'clock' | 'log'>,
  limits: Partial<PollLimits> = {},
): Receive {
  const { pollSeconds, graceSeconds, confirmSeconds } = { ...usualLimits, ...limits };
  return async (deliver, signal, ready) => {
    const patience = createPatience({ clock, log, signal });
    const api = createApi(settings, pollSeconds + graceSeconds);
    const announcing = createApi(settings, announceSeconds);
    try {
      const me = await patience.call(async () => meShape.parse(await api.getMe(signalFor(signal))));
      await announceCommands(announcing, signal).catch((error: unknown) => {
        signal.throwIfAborted();
        log.warn({ reason: failureOf(error).reason }, 'the menu of commands could not be set');
      });
      ready();
      await listen({
        poll: (offset) => patience.call(() => pollFrom(offset, { api, pollSeconds, signal, log })),
        confirm: (offset) => confirmUpTo(offset, createApi(settings, confirmSeconds)),
        deliver: (message) => patience.store(() => deliver(message)),
        alone: patience.alone,
        me,
        log,
      });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  };
}

interface ListenOptions {
  readonly poll: (offset: number) => Promise<Update[]>;
  readonly confirm: (offset: number) => Promise<void>;
  readonly deliver: Deliver;
  readonly alone: () => void;
  readonly me: Me;
  readonly log: Log;
}

async function listen({ poll, confirm, deliver, alone, me, log }: ListenOptions): Promise<never> {
  // All updates before `offset` are delivered; Telegram has been told of those before `told`.
  let offset = 0;
  let told = 0;
  try {
    for (;;) {
      told = offset;
      const updates = await poll(offset);
      if (updates.length === 0) alone();
      for (const update of updates) {
        const message = read(update, me, log);
        if (message) await deliver(message);
        offset = update.update_id + 1;
      }
    }
  } finally {
    if (offset !== told) await confirm(offset);
  }
}

function read(update: Update, me: Me, log: Log) {
  try {
    return toInbound(update, me);
  } catch {
    log.error({ update: update.update_id }, 'an update could not be read, and is left out');
    return undefined;
  }
}
