import { Api, GrammyError } from 'grammy';
import { onTestFinished } from 'vitest';
import {
  startTelegramEmulator,
  type TelegramEmulator,
  type TelegramEmulatorOptions,
} from '../../emulators/telegram/emulator.ts';

/** An emulator that ends with the test, without rate limits unless asked for, and grammY's client for it. */
export async function startBot(
  options: TelegramEmulatorOptions = {},
): Promise<{ emulator: TelegramEmulator; api: Api }> {
  const emulator = await startTelegramEmulator({ rateLimits: false, pollSecondMs: 10, ...options });
  onTestFinished(() => emulator.close());
  return { emulator, api: new Api(emulator.token, { apiRoot: emulator.url }) };
}

/** What the server said when it refused a call, with the code in front. */
export async function refused(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (error instanceof GrammyError) return `${error.error_code} ${error.description}`;
    throw error;
  }
  return 'accepted';
}

/** A clock that stands still until it is moved. */
export function frozenClock(startMs = 1_800_000_000_000) {
  let now = startMs;
  return {
    now: () => now,
    advance(ms: number) {
      now += ms;
    },
  };
}
