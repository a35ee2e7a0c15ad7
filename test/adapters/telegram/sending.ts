import { expect, onTestFinished } from 'vitest';
import { createTelegramSender, type SendSettings } from '../../../adapters/telegram/send.ts';
import {
  startTelegramEmulator,
  type TelegramEmulator,
  type TelegramEmulatorOptions,
} from '../../../emulators/telegram/emulator.ts';
import type { ReplyTarget } from '../../../src/core/message.ts';
import type { Sender } from '../../../src/core/ports/platform.ts';
import { createLogbook, type Logbook } from '../../support/logbook.ts';

interface Sending {
  readonly emulator: TelegramEmulator;
  readonly sender: Sender;
  readonly log: Logbook;
  at(chat: { readonly id: number }, more?: Partial<ReplyTarget>): ReplyTarget;
  /** The names of the calls that were made, in order. */
  methods(): string[];
}

/** The adapter's sending half on an emulated Telegram that knows all that it says. */
export async function startSending(
  settings: Partial<SendSettings> = {},
  options: TelegramEmulatorOptions = {},
): Promise<Sending> {
  const emulator = await startTelegramEmulator({ rateLimits: false, ...options });
  const log = createLogbook();
  const { token, url } = emulator;
  const sender = createTelegramSender(
    { TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: url, ...settings },
    { log },
  );
  onTestFinished(async () => {
    await emulator.close();
    const unknown = emulator.calls.filter(
      (call) => call.unknownParams.length > 0 || 'parse_mode' in call.params,
    );
    expect(unknown).toEqual([]);
    expect(log.text()).not.toMatch(/AAEmulator|\d{6}|127\.0\.0\.1/);
  });
  return {
    emulator,
    sender,
    log,
    at: ({ id }, more = {}) => ({
      platform: 'telegram',
      bot: String(emulator.bot.user.id),
      channel: String(id),
      ...more,
    }),
    methods: () => emulator.calls.map(({ method }) => method),
  };
}

/** What a call rejected with. */
export async function failure(call: Promise<unknown> | undefined): Promise<unknown> {
  return Promise.resolve(call).then(
    () => expect.fail('it did not fail'),
    (reason: unknown) => reason,
  );
}
