import { afterEach, describe, expect, test } from 'vitest';
import { checkAndStop, startEmulator, startHearing } from './listening.ts';

afterEach(checkAndStop);

const callback = '/interactions/:interaction/:token/callback';
const commands = '/applications/:application/commands';

describe('the promise of an answer', () => {
  const passing = [
    { kind: 'refuse', status: 500 },
    { kind: 'page', status: 502 },
    { kind: 'drop', landed: false },
    { kind: 'limit', retryAfter: 0.5 },
  ] as const;

  test.each(passing)('is made again while there is time: after $kind', async (fault) => {
    const { emulator, heard, log } = await startHearing();
    emulator.fault({ ...fault, route: callback }, 2);
    const given = emulator.guild().channel().run('reset');
    await emulator.until(() => heard.length === 1);
    expect(given.answered()?.type).toBe(5);
    expect(log.events()).toEqual([]);
  });

  test('is known to have been made when only the word of it was lost', async () => {
    const { emulator, heard, log } = await startHearing();
    emulator.fault({ kind: 'drop', landed: true, route: callback });
    const given = emulator.dm().run('help');
    await emulator.until(() => heard.length === 1);
    expect(given.answered()?.type).toBe(5);
    expect(log.events()).toEqual([]);
  });

  test('is given up when there is no time left, later each time, and the command carried out', async () => {
    const { emulator, heard, log, waitsMs } = await startHearing();
    emulator.fault({ kind: 'refuse', status: 500, route: callback }, 99);
    emulator.dm().run('help');
    await emulator.until(() => heard.length === 1);
    expect(waitsMs).toEqual([100, 200, 400, 800, 1_600]);
    expect(log.events()).toEqual(['warn: a slash command could not be acknowledged']);
  });

  test.each([
    ['a limit that lasts longer', { kind: 'limit', retryAfter: 4 }],
    ['a refusal', { kind: 'refuse', code: 10_062 }],
  ] as const)('is not made again after %s', async (_, fault) => {
    const { emulator, heard, log, waitsMs } = await startHearing();
    emulator.fault({ ...fault, route: callback });
    emulator.dm().run('help');
    await emulator.until(() => heard.length === 1);
    expect(waitsMs).toEqual([]);
    expect(log.events()).toEqual(['warn: a slash command could not be acknowledged']);
  });
});

describe('slash commands that cannot be registered', () => {
  test('are no reason not to listen, and are registered later', async () => {
    const emulator = await startEmulator();
    emulator.fault({ kind: 'refuse', status: 500, route: commands }, 3);
    const { heard, log } = await startHearing({ emulator });
    emulator.dm().say('hi');
    await emulator.until(() => heard.length === 1 && emulator.bot.commands.size === 3);
    await emulator.until(() => log.events().length === 2);
    expect(log.events()).toEqual([
      'warn: the slash commands could not be registered; trying again',
      'info: the slash commands are registered',
    ]);
  });

  test('are left alone where there are none, which is said once', async () => {
    const emulator = await startEmulator();
    emulator.fault({ kind: 'page', status: 404, route: commands }, 99);
    const { heard, log } = await startHearing({ emulator });
    emulator.dm().say('hi');
    await emulator.until(() => heard.length === 1);
    expect(log.events()).toEqual(['warn: the slash commands could not be registered']);
  });

  test('are written where the list of them cannot be read', async () => {
    const emulator = await startEmulator();
    emulator.fault({ kind: 'page', status: 200, route: commands, method: 'GET' });
    const { log } = await startHearing({ emulator });
    expect(emulator.bot.commands.size).toBe(3);
    expect(log.events()).toEqual([]);
  });
});
