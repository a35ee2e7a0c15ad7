import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { createDiscordSender } from '../../../adapters/discord/send.ts';
import type { DiscordSettings } from '../../../adapters/discord/settings.ts';
import { type DiscordEmulator, startDiscordEmulator } from '../../../emulators/discord/emulator.ts';
import type { ReplyTarget } from '../../../src/core/message.ts';
import type { Limit, Place } from '../../../src/core/ports/budget.ts';
import type { Sender } from '../../../src/core/ports/platform.ts';
import { createLogbook } from '../../support/logbook.ts';

/** The sending half on an emulated Discord without rate limits; a new one for each test. */
export const here = {} as { emulator: DiscordEmulator; sender: Sender };

/** A sending half, and what it has learnt of Discord's limits. */
export function createSender({
  emulator = here.emulator,
  timeoutMs = 15_000,
  isNoted = true,
  changed = {} as Partial<DiscordSettings>,
} = {}) {
  const learnt: { place: Place; limit: Limit }[] = [];
  const log = createLogbook();
  const learn = async (place: Place, limit: Limit) => {
    if (!isNoted) throw new Error('connect ECONNREFUSED');
    learnt.push({ place, limit });
  };
  const sender = createDiscordSender(
    { ...settings(emulator), ...changed },
    { budget: { learn }, log },
    timeoutMs,
  );
  return { sender, learnt, log };
}

/** Sets it up for the tests of a file. Nothing that they call may be unknown, unguarded, or ping anybody. */
export function prepareSending(): void {
  beforeAll(async () => {
    here.emulator = await startDiscordEmulator({ rateLimits: false });
  });
  beforeEach(() => {
    here.sender = createSender().sender;
  });
  afterEach(() => {
    const { calls, pings } = here.emulator;
    expect(calls.filter((call) => call.unknownRoute || call.unknownFields.length > 0)).toEqual([]);
    const unguarded = calls.filter(
      ({ method, route, body }) =>
        /POST|PATCH/.test(method) &&
        !/\/(typing|threads)$/.test(route ?? '') &&
        !JSON.stringify(body ?? '').includes('"parse":[]'),
    );
    expect(unguarded).toEqual([]);
    expect(pings()).toEqual([]);
  });
  afterAll(() => here.emulator.close());
}

export const settings = (emulator = here.emulator) => ({
  DISCORD_BOT_TOKEN: emulator.token,
  DISCORD_API_URL: `${emulator.url}/api`,
  DISCORD_MESSAGE_CONTENT: false,
});

export const at = (place: { id: string }, more: Partial<ReplyTarget> = {}): ReplyTarget => ({
  platform: 'discord',
  bot: here.emulator.bot.user.id,
  channel: place.id,
  ...more,
});

export const part = (text: string, nth = 0) => ({ text, format: { nth } });

export const shown = (place: { id: string }) =>
  here.emulator.shown(place.id).flatMap(({ content, deleted }) => (deleted ? [] : content));

/** What a call rejected with. Nothing in it may tell more than the reason. */
export async function failure(call: Promise<unknown> | undefined): Promise<Error> {
  const error = await Promise.resolve(call).then(
    () => expect.fail('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw error;
  const everything = JSON.stringify([error.message, { ...error }, String(error.cause)]);
  expect(everything).not.toMatch(/TokenThatOpens|\d{15}|private words|127\.0\.0\.1/);
  return error;
}

const commands = [{ name: 'help', description: 'x', type: 1, contexts: [0, 1], integration_types: [0] }];

/** A slash command that somebody gave there and that has been promised an answer: the ticket for that. */
export async function given(
  place: { run(name: string): { id: string; token: string } },
  isEphemeral: boolean,
): Promise<string> {
  const call = (method: string, path: string, body: object) =>
    fetch(`${here.emulator.url}/api/v10${path}`, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bot ${here.emulator.token}` },
      body: JSON.stringify(body),
    });
  // As allowed_mentions on both, for the check after each test.
  await call('PUT', `/applications/${here.emulator.bot.user.id}/commands`, commands);
  const { id, token } = place.run('help');
  const data = { allowed_mentions: { parse: [] }, ...(isEphemeral && { flags: 64 }) };
  await call('POST', `/interactions/${id}/${token}/callback`, { type: 5, data });
  return `${here.emulator.bot.user.id}/${token}${isEphemeral ? '/ephemeral' : ''}`;
}
