import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DiscordEmulator, startDiscordEmulator } from '../../../emulators/discord/emulator.ts';
import type { RateLimited } from '../../../src/core/errors.ts';
import { at, createSender, failure, given, here, part } from './sending.ts';

let emulator: DiscordEmulator;

beforeEach(async () => {
  emulator = await startDiscordEmulator();
  here.emulator = emulator;
});
afterEach(() => emulator.close());

test('what Discord says of its limit is learnt from new messages, edits and refusals, for the channel', async () => {
  const { sender, learnt } = createSender();
  const dm = emulator.dm();
  const target = at(dm);
  const ref = await sender.post(target, part('one'));
  await sender.edit(ref, part('two'));
  await failure(sender.edit({ target, id: '1234567890123456789' }, part('private words')));
  const place = { platform: 'discord', bot: emulator.bot.user.id, channel: dm.id };
  expect(learnt).toEqual(
    [4, 3, 2].map((remaining) => ({
      place,
      limit: { calls: 5, remaining, resetAfterMs: expect.any(Number) },
    })),
  );
  for (const { limit } of learnt) {
    expect(limit.resetAfterMs).toBeGreaterThan(3_000);
    expect(limit.resetAfterMs).toBeLessThanOrEqual(5_000);
  }
});

test('nothing is learnt of a channel from typing and deletes, nor from replies that do not tell', async () => {
  const { sender, learnt } = createSender();
  const dm = emulator.dm();
  const ref = await sender.post(at(dm), part('one'));
  await sender.showTyping?.(at(dm));
  await sender.remove?.(ref);
  emulator.fault({ kind: 'refuse', status: 500 });
  await failure(sender.post(at(dm), part('private words')));
  expect(learnt).toHaveLength(1);
});

test('the answer to a slash command is learnt of apart from its channel', async () => {
  const { sender, learnt } = createSender();
  const dm = emulator.dm();
  const target = at(dm, { token: await given(dm, false) });
  await sender.post(target, part('one', 0));
  const next = await sender.post(target, part('two', 1));
  await sender.edit(next, part('two!', 1));
  const { lane = '' } = sender.pace(target);
  expect(lane).not.toBe('');
  expect(learnt.map(({ place, limit }) => `${place.channel} ${limit.remaining}`)).toEqual([
    `${lane} 4`,
    `${lane} 3`,
    `${lane} 2`,
  ]);
});

test('a budget that cannot note it holds nothing up', async () => {
  const { sender, log } = createSender({ isNoted: false });
  await sender.post(at(emulator.dm()), part('one'));
  await emulator.until(() => log.events().length > 0);
  expect(log.events()).toEqual(['debug: a limit that Discord has told is not noted']);
});

test('a limit that was known before anything was sent is foreseen, and one that Discord has told is not', async () => {
  const { sender } = createSender();
  const dm = emulator.dm();
  for (let count = 0; count < 5; count++) await sender.post(at(dm), part('x'));
  const foreseen = (await failure(sender.post(at(dm), part('private words')))) as RateLimited;
  expect(foreseen).toMatchObject({ name: 'RateLimited', scope: 'channel', foreseen: true });
  expect(foreseen.retryAfterMs).toBeLessThan(5_100);
  expect(emulator.calls).toHaveLength(5);
  const other = at(emulator.dm());
  emulator.fault({ kind: 'limit', retryAfter: 3 });
  expect(await failure(sender.post(other, part('private words')))).toMatchObject({ foreseen: false });
  // Another process does not know it beforehand.
  const { learnt, sender: unknowing } = createSender();
  expect(await failure(unknowing.post(at(dm), part('private words')))).toMatchObject({ foreseen: false });
  expect(learnt).toMatchObject([{ limit: { calls: 5, remaining: 0 } }]);
});

test('the account that it writes as is told by its token, where that tells', () => {
  expect(createSender().sender.bot).toBe(emulator.bot.user.id);
  expect(createSender({ changed: { DISCORD_BOT_TOKEN: 'eyJhbGciOi.J9.x' } }).sender.bot).toBeUndefined();
});
