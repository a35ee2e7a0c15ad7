import { describe, expect, test } from 'vitest';
import { startDiscordEmulator } from '../../../emulators/discord/emulator.ts';
import type { Permission } from '../../../emulators/discord/permissions.ts';
import { MessageGone, RateLimited, TargetGone, Unreachable } from '../../../src/core/errors.ts';
import { at, createSender, failure, here, part, prepareSending, shown } from './sending.ts';

prepareSending();

describe('when it fails', () => {
  test('a rate limit says how long to wait, and nothing is sent meanwhile', async () => {
    const dm = here.emulator.dm();
    for (const scope of ['user', 'shared', 'global'] as const) {
      here.sender = createSender().sender;
      here.emulator.fault({ kind: 'limit', retryAfter: 17, scope });
      const error = await failure(here.sender.post(at(dm), part('private words')));
      expect(error).toBeInstanceOf(RateLimited);
      const { retryAfterMs, scope: meant } = error as RateLimited;
      expect(meant).toBe(scope === 'global' ? 'bot' : 'channel');
      expect(retryAfterMs).toBeGreaterThan(16_000);
      expect(retryAfterMs).toBeLessThan(18_000);
    }
    expect(shown(dm)).toEqual([]);
  });

  test('an empty bucket is known before Discord has to refuse', async () => {
    const limited = await startDiscordEmulator();
    here.sender = createSender({ emulator: limited }).sender;
    const dm = limited.dm();
    const target = { ...at(dm), bot: limited.bot.user.id };
    for (let count = 0; count < 5; count++) await here.sender.post(target, part('x'));
    expect(await failure(here.sender.post(target, part('private words')))).toBeInstanceOf(RateLimited);
    expect(limited.calls.filter(({ reply }) => reply?.status === 429)).toEqual([]);
    await limited.close();
  });

  test('a limit that only its answer tells of is waited out in full', async () => {
    here.emulator.fault({ kind: 'refuse', code: 20_028, status: 429, retryAfter: 17 });
    const error = await failure(here.sender.post(at(here.emulator.dm()), part('private words')));
    expect((error as RateLimited).retryAfterMs).toBeGreaterThanOrEqual(17_000);
  });

  test.each([20_016, 20_028, 30_046])('code %i asks for patience', async (code) => {
    here.emulator.fault({ kind: 'refuse', code, status: 400, retryAfter: 3.5 });
    const error = await failure(here.sender.post(at(here.emulator.dm()), part('private words')));
    expect(error).toMatchObject({ name: 'RateLimited', retryAfterMs: 3_500 });
  });

  test('a place that cannot be written to is gone', async () => {
    const closed = here.emulator.dm();
    closed.open(false);
    const left = here.emulator.guild();
    const channel = left.channel();
    left.kickBot();
    const guild = here.emulator.guild();
    const deleted = guild.channel();
    deleted.close();
    const locked = guild.channel().thread('Locked');
    locked.archive({ locked: true });
    const denied = (['viewChannel', 'sendMessages'] satisfies Permission[]).map((permission) => {
      const made = guild.channel();
      made.deny([permission]);
      return made;
    });
    for (const place of [closed, channel, deleted, locked, ...denied, { id: '1234567890123456789' }])
      expect(await failure(here.sender.post(at(place), part('private words')))).toBeInstanceOf(TargetGone);
  });

  test('a message that is gone, or is not ours, is gone', async () => {
    const dm = here.emulator.dm();
    const theirs = { target: at(dm), id: dm.say('theirs').id };
    expect(await failure(here.sender.edit(theirs, part('private words')))).toBeInstanceOf(MessageGone);
    const unknown = { target: at(dm), id: '1234567890123456789' };
    expect(await failure(here.sender.edit(unknown, part('private words')))).toBeInstanceOf(MessageGone);
  });

  test('a message in a thread that was archived meanwhile is gone, for a post brings the thread back', async () => {
    const thread = here.emulator.guild().channel().thread('Plans');
    const ref = await here.sender.post(at(thread), part('private'));
    thread.archive();
    expect(await failure(here.sender.edit(ref, part('private words')))).toBeInstanceOf(MessageGone);
    const again = await here.sender.post(at(thread), part('private words'));
    await here.sender.edit(again, part('private words!'));
    expect(shown(thread)).toEqual(['private', 'private words!']);
  });

  test('what stands between refuses nothing for good', async () => {
    const dm = here.emulator.dm();
    for (const status of [401, 403, 404]) {
      here.emulator.fault({ kind: 'page', status });
      const error = await failure(here.sender.post(at(dm), part('private words')));
      expect(error).toMatchObject({ name: 'Unreachable', landed: 'no' });
      expect(error.message).toBe(`Discord: ${status} in words that are not Discord’s`);
    }
    here.emulator.fault({ kind: 'refuse', status: 403 });
    expect(await failure(here.sender.post(at(dm), part('private words')))).toBeInstanceOf(TargetGone);
  });

  test('a server that fails may have carried it out, and is not asked again', async () => {
    const dm = here.emulator.dm();
    here.sender = createSender({ timeoutMs: 300 }).sender;
    const faults = [
      { kind: 'refuse', status: 500 },
      { kind: 'page', status: 502 },
      { kind: 'drop', landed: false },
      { kind: 'hang' },
    ] as const;
    for (const fault of faults) {
      here.emulator.fault({ ...fault });
      const before = here.emulator.calls.length;
      const error = await failure(here.sender.post(at(dm), part('private words')));
      expect(error).toMatchObject({ name: 'Unreachable', landed: 'unknown' });
      expect(here.emulator.calls.length).toBe(before + 1);
    }
    expect(shown(dm)).toEqual([]);
  });

  test('what never reached a server had no effect', async () => {
    here.sender = createSender({ changed: { DISCORD_API_URL: 'http://127.0.0.1:1/api' } }).sender;
    const error = await failure(here.sender.post(at({ id: '1234567890123456789' }), part('private words')));
    expect(error).toBeInstanceOf(Unreachable);
    expect(error).toHaveProperty('landed', 'no');
  });

  test('a token that is not accepted is a matter for the owner, and is tried again the next time', async () => {
    const dm = here.emulator.dm();
    here.emulator.fault({ kind: 'refuse', status: 401 });
    const error = await failure(here.sender.post(at(dm), part('x')));
    expect(error).not.toBeInstanceOf(TargetGone);
    expect(error.message).toMatch(/DISCORD_BOT_TOKEN.*Reset Token/);
    await here.sender.post(at(dm), part('x'));
    expect(shown(dm)).toEqual(['x']);
  });

  test('words that the server’s owner forbids are a failure that the reader hears of', async () => {
    const channel = here.emulator.guild().channel({ blockedWords: ['private'] });
    const error = await failure(here.sender.post(at(channel), part('private words')));
    expect(error).not.toBeInstanceOf(TargetGone);
    expect(error.message).toMatch(/200000/);
  });

  test('a refusal that nobody foresaw is told by its code', async () => {
    here.emulator.fault({ kind: 'refuse', code: 50_035 });
    const error = await failure(here.sender.post(at(here.emulator.dm()), part('private words')));
    expect(error.message).toMatch(/^Discord refused the call: 50035 \w+/);
  });
});
