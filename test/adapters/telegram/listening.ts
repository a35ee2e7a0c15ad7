import { expect } from 'vitest';
import type { TelegramSettings } from '../../../adapters/telegram/api.ts';
import type { ReceiveLimits } from '../../../adapters/telegram/limits.ts';
import { receiveFromTelegram } from '../../../adapters/telegram/receive.ts';
import type { WebhookSettings } from '../../../adapters/telegram/webhook/settings.ts';
import { startTelegramEmulator, type TelegramEmulator } from '../../../emulators/telegram/emulator.ts';
import { systemClock } from '../../../src/clock.ts';
import type { InboundMessage } from '../../../src/core/message.ts';
import type { Deliver } from '../../../src/core/ports/platform.ts';
import type { Leases, Notes } from '../../../src/core/ports/store.ts';
import type { Clock } from '../../../src/core/ports/world.ts';
import { createLeases } from '../../../src/embedded/leases.ts';
import { freePort } from '../../support/free-port.ts';
import { createLogbook, type Logbook } from '../../support/logbook.ts';
import { createNotes } from '../../support/notes.ts';

export interface Listening {
  readonly emulator: TelegramEmulator;
  readonly log: Logbook;
  /** What was delivered, in order. */
  readonly heard: InboundMessage[];
  /** How long it has waited between its attempts. */
  readonly waitsMs: number[];
  /** Ends the adapter as a signal to the process would. */
  stop(): Promise<void>;
  readonly ended: Promise<void>;
  isReady(): boolean;
  /** What it has told of whether it hears, in order. */
  readonly told: string[];
}

export interface ListeningOptions {
  readonly emulator?: TelegramEmulator;
  readonly token?: string;
  readonly deliver?: Deliver;
  readonly limits?: Partial<ReceiveLimits>;
  /** What it shares with other processes. */
  readonly leases?: Leases;
  readonly notes?: Notes;
  readonly webhook?: WebhookSettings;
  /** Another way to it than its own address. */
  readonly settings?: Partial<TelegramSettings>;
}

const running: Listening[] = [];

/** The adapter's receiving half on an emulated Telegram, with waits a hundred times shorter. */
export async function startListening(options: ListeningOptions = {}): Promise<Listening> {
  const emulator = options.emulator ?? (await startTelegramEmulator({ pollSecondMs: 10 }));
  const log = createLogbook();
  const heard: InboundMessage[] = [];
  const waitsMs: number[] = [];
  const clock: Clock = {
    now: systemClock.now,
    sleep(ms, signal) {
      waitsMs.push(ms);
      return systemClock.sleep(ms / 100, signal);
    },
  };
  const settings = {
    TELEGRAM_BOT_TOKEN: options.token ?? emulator.token,
    TELEGRAM_API_ROOT: emulator.url,
    ...options.webhook,
    ...options.settings,
  };
  const { leases = createLeases(), notes = createNotes(), limits } = options;
  const receive = receiveFromTelegram(settings, { clock, log, leases, notes }, limits);
  const stopping = new AbortController();
  const told: string[] = [];
  const deliver: Deliver = async (message) => {
    const said = await options.deliver?.(message);
    heard.push(message);
    return said;
  };
  const ended = receive(
    deliver,
    stopping.signal,
    () => void told.push('ready'),
    (reason) => void told.push(reason),
  );
  const stop = () => {
    stopping.abort();
    return ended;
  };
  const listening = {
    emulator,
    log,
    heard,
    waitsMs,
    stop,
    ended,
    isReady: () => told.at(-1) === 'ready',
    told,
  };
  running.push(listening);
  // A test that looks at how it ended does so itself.
  ended.catch(() => undefined);
  return listening;
}

/** The adapter at a webhook, on a Telegram whose seconds between two attempts are 20 ms. */
export async function startAtWebhook(options: ListeningOptions = {}): Promise<AtWebhook> {
  const emulator =
    options.emulator ?? (await startTelegramEmulator({ local: true, webhookSecondMs: 20, pollSecondMs: 10 }));
  const port = options.webhook?.TELEGRAM_WEBHOOK_PORT ?? (await freePort());
  const url = `http://127.0.0.1:${port}/telegram`;
  const webhook = {
    TELEGRAM_WEBHOOK_URL: url,
    TELEGRAM_WEBHOOK_PORT: port,
    TELEGRAM_WEBHOOK_HOST: '127.0.0.1',
    ...options.webhook,
  };
  return { ...(await startListening({ ...options, emulator, webhook })), url, port };
}

interface AtWebhook extends Listening {
  readonly url: string;
  readonly port: number;
}

/** Ends all that was started. What was logged and called must not tell secrets, nor be unknown to the platform. */
export async function checkAndStop(): Promise<void> {
  for (const { stop, emulator, log, told } of running.splice(0)) {
    await stop().catch(() => undefined);
    await emulator.close();
    expect(told.filter((one, index) => one === told[index - 1])).toEqual([]);
    const logged = log.text().replaceAll(/the proxy 127\.0\.0\.1:\d+/g, 'the proxy');
    expect(logged).not.toMatch(/AAEmulator|AAWrong|\d{6}|127\.0\.0\.1/);
    expect(emulator.calls.filter((call) => call.unknownMethod || call.unknownParams.length > 0)).toEqual([]);
  }
}
