import { expect } from 'vitest';
import { type ReceiveLimits, receiveFromDiscord } from '../../../adapters/discord/receive.ts';
import type { ProxyWay } from '../../../adapters/platform.ts';
import {
  type DiscordEmulator,
  type DiscordEmulatorOptions,
  startDiscordEmulator,
} from '../../../emulators/discord/emulator.ts';
import { systemClock } from '../../../src/clock.ts';
import type { InboundMessage } from '../../../src/core/message.ts';
import type { Deliver } from '../../../src/core/ports/platform.ts';
import type { Notes } from '../../../src/core/ports/store.ts';
import type { Clock } from '../../../src/core/ports/world.ts';
import { createLogbook, type Logbook } from '../../support/logbook.ts';
import { createNotes } from '../../support/notes.ts';

export interface Listening {
  readonly emulator: DiscordEmulator;
  readonly log: Logbook;
  /** What was delivered, in order. */
  readonly heard: InboundMessage[];
  /** How long it has waited between its attempts. */
  readonly waitsMs: number[];
  /** Ends the adapter as a signal to the process would. */
  stop(): Promise<void>;
  readonly ended: Promise<void>;
  isReady(): boolean;
  /** Why it has said that it hears nothing, and "ready" whenever it heard. */
  readonly readiness: string[];
}

export interface ListeningOptions {
  readonly emulator?: DiscordEmulator;
  readonly token?: string;
  readonly readsAll?: boolean;
  readonly deliver?: Deliver;
  readonly limits?: Partial<ReceiveLimits>;
  readonly proxy?: ProxyWay;
  readonly notes?: Notes;
  readonly answerWithinMs?: number;
  /** Another than the usual one, whose waits alone are shorter. */
  readonly clock?: Clock;
}

const running: Listening[] = [];

export const startEmulator = (options: DiscordEmulatorOptions = {}): Promise<DiscordEmulator> =>
  startDiscordEmulator({ rateLimits: false, ...options });

/** So long that what it waits for here never takes it. */
const neverMs = 6_000_000;

const hastyClock: Clock = {
  now: systemClock.now,
  sleep: (ms, signal) => systemClock.sleep(signal ? ms / 100 : ms, signal),
};

/** A day in a quarter of an hour: for an emulator and a bridge that go by it both. */
export function fastClock(speed = 100): Clock {
  const start = Date.now();
  return {
    now: () => start + (Date.now() - start) * speed,
    sleep: (ms, signal) => systemClock.sleep(ms / speed, signal),
  };
}

/** The adapter's receiving half on an emulated Discord, with waits a hundred times shorter. */
export async function startListening(options: ListeningOptions = {}): Promise<Listening> {
  const emulator = options.emulator ?? (await startEmulator());
  const log = createLogbook();
  const heard: InboundMessage[] = [];
  const waitsMs: number[] = [];
  const { now, sleep } = options.clock ?? hastyClock;
  const clock: Clock = {
    now,
    sleep(ms, signal) {
      if (signal && ms < neverMs) waitsMs.push(ms);
      return sleep(ms, signal);
    },
  };
  const settings = {
    DISCORD_BOT_TOKEN: options.token ?? emulator.token,
    DISCORD_API_URL: `${emulator.url}/api`,
    DISCORD_MESSAGE_CONTENT: options.readsAll ?? false,
    proxy: options.proxy,
  };
  const limits = { silentMs: neverMs, ...options.limits };
  const notes = options.notes ?? createNotes();
  const { answerWithinMs = 15 * 60_000 } = options;
  const receive = receiveFromDiscord(settings, { clock, log, notes, answerWithinMs }, limits);
  const stopping = new AbortController();
  const readiness: string[] = [];
  const deliver: Deliver = async (message) => {
    const words = await options.deliver?.(message);
    heard.push(message);
    return words;
  };
  const ended = receive(
    deliver,
    stopping.signal,
    () => readiness.push('ready'),
    (reason) => readiness.push(reason),
  );
  const stop = () => {
    stopping.abort();
    return ended;
  };
  const isReady = () => readiness.at(-1) === 'ready';
  const listening = { emulator, log, heard, waitsMs, stop, ended, isReady, readiness };
  running.push(listening);
  // A test that looks at how it ended does so itself.
  ended.catch(() => undefined);
  return listening;
}

/** The same, once it hears. */
export async function startHearing(options: ListeningOptions = {}): Promise<Listening> {
  const listening = await startListening(options);
  await listening.emulator.until(listening.isReady);
  return listening;
}

/** Ends all that was started. What was logged and called must not tell secrets, nor be unknown to the platform. */
export async function checkAndStop(): Promise<void> {
  for (const { stop, emulator, log } of running.splice(0)) {
    await stop().catch(() => undefined);
    await emulator.close();
    const told = log.text().replaceAll(/the proxy 127\.0\.0\.1:\d+/g, 'the proxy');
    expect(told).not.toMatch(/TokenThatOpens|\d{15}|127\.0\.0\.1|private words/);
    expect(emulator.calls.filter((call) => call.unknownRoute || call.unknownFields.length > 0)).toEqual([]);
  }
}
