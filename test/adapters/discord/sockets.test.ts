import type { EventEmitter } from 'node:events';
import { Client, type WebSocketOptions } from 'discord.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { leave } from '../../../adapters/discord/leave.ts';
import { sturdyShards } from '../../../adapters/discord/shards.ts';
import { createStarts } from '../../../adapters/discord/starts.ts';
import type { DiscordEmulator } from '../../../emulators/discord/emulator.ts';
import { systemClock } from '../../../src/clock.ts';
import { checkAndStop, startEmulator, startHearing, startListening } from './listening.ts';

/** What would have ended the process. */
let thrown: unknown[];
const onThrown = (error: unknown) => thrown.push(error);

beforeEach(() => {
  thrown = [];
  process.on('uncaughtException', onThrown);
});

afterEach(async () => {
  for (const cut of cuts.splice(0)) cut();
  await checkAndStop();
  process.off('uncaughtException', onThrown);
});

/** No line may be left open by a client: an emulator would wait for its end. */
const cuts: (() => void)[] = [];

async function startSilent(): Promise<DiscordEmulator> {
  const emulator = await startEmulator();
  emulator.gateway.refuse('silence');
  cuts.push(() => emulator.gateway.refuse(undefined));
  return emulator;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a gateway that takes a connection and never answers', () => {
  test('is left with its line cut, and nothing of it ends the process', async () => {
    const emulator = await startSilent();
    const { isReady, waitsMs } = await startListening({ emulator, limits: { silentMs: 10_000 } });
    await emulator.until(() => emulator.gateway.unanswered() === 1);
    // Left, and the next one waits in its stead.
    await emulator.until(() => waitsMs.includes(1_000));
    await emulator.until(() => waitsMs.includes(2_000));
    await emulator.until(() => emulator.gateway.unanswered() <= 1);
    emulator.gateway.refuse(undefined);
    await emulator.until(isReady);
    expect(thrown).toEqual([]);
  });

  test('after a connection was lost too', async () => {
    const { emulator, isReady, readiness } = await startHearing({ limits: { silentMs: 50_000 } });
    cuts.push(() => emulator.gateway.refuse(undefined));
    emulator.gateway.refuse('silence');
    emulator.gateway.drop();
    await emulator.until(() => emulator.gateway.unanswered() === 1);
    await emulator.until(() => readiness.includes('the gateway is silent'));
    await emulator.until(() => emulator.gateway.unanswered() <= 1);
    emulator.gateway.refuse(undefined);
    await emulator.until(isReady);
    expect(thrown).toEqual([]);
  });

  test('holds nothing up at the end', async () => {
    const emulator = await startSilent();
    const { stop } = await startListening({ emulator });
    await emulator.until(() => emulator.gateway.unanswered() === 1);
    await stop().catch(() => undefined);
    await emulator.until(() => emulator.gateway.unanswered() === 0);
    expect(thrown).toEqual([]);
  });
});

/** A client of discord.js whose attempts to connect may take so long. */
async function connecting(emulator: DiscordEmulator, handshakeTimeout: number) {
  const told: unknown[] = [];
  const sturdy = sturdyShards(await import('discord.js'), {
    starts: createStarts(systemClock),
    clock: systemClock,
    tell: (error) => told.push(error),
    fail: (error) => told.push(error),
  });
  const ws: WebSocketOptions = {
    ...sturdy,
    buildStrategy(manager) {
      Object.assign(manager.options, { handshakeTimeout });
      const strategy = sturdy.buildStrategy?.(manager);
      if (!strategy) throw new Error('no strategy');
      return strategy;
    },
  };
  const client = new Client({ intents: [], ws, rest: { api: `${emulator.url}/api` } });
  client.login(emulator.token).catch(() => undefined);
  await emulator.until(() => emulator.gateway.unanswered() === 1);
  return client;
}

test('what discord.js lets go of while it connects ends nothing, whenever it fails', async () => {
  const emulator = await startSilent();
  const client = await connecting(emulator, 300);
  const shards = Object(client.ws)._ws.strategy.shards as ReadonlyMap<number, { connection: EventEmitter }>;
  const sockets = [...shards.values()].map(({ connection }) => connection);
  await leave(client);
  await pause(500);
  expect(thrown).toEqual([]);
  expect(sockets.map((socket) => socket.listenerCount('error'))).toEqual([1]);
  await emulator.close();
});
