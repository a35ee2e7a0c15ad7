import { afterEach, describe, expect, test } from 'vitest';
import { bob } from './fixtures.ts';
import { checkAndStop, startEmulator, startHearing, startListening } from './listening.ts';

// What discord.js throws over ends the process; a test during which that happens fails.
afterEach(checkAndStop);

const unhandled = 'warn: discord.js cannot handle an event, and leaves it out';

/** A command with nothing in it that the bridge does not need; discord.js needs more. */
const bare = (more: object = {}) => ({
  id: '1300000000000000000',
  application_id: '200000000000000001',
  type: 2,
  token: 'interaction.token',
  channel_id: '500000000000000001',
  user: bob,
  data: { id: '1', name: 'help', type: 1 },
  ...more,
});

describe('an event that discord.js cannot handle', () => {
  test('is heard all the same, and said once for its kind', async () => {
    const { emulator, heard, log } = await startHearing();
    for (const id of ['1300000000000000001', '1300000000000000002'])
      emulator.gateway.tell('INTERACTION_CREATE', bare({ id }));
    await emulator.until(() => heard.length === 2);
    expect(heard.map(({ text }) => text)).toEqual(['/help', '/help']);
    emulator.gateway.tell('GUILD_ROLE_CREATE', { guild_id: emulator.guild().id });
    await emulator.until(() => log.events().filter((event) => event === unhandled).length === 2);
    expect(log.text()).toContain('"event":"INTERACTION_CREATE"');
    expect(log.text()).toContain('"event":"GUILD_ROLE_CREATE"');
  });

  test.each([
    ['a menu without what it was opened on', { data: { id: '1', name: 'Ask', type: 3, target_id: '5' } }],
    ['a button without its message', { type: 3, data: { custom_id: 'x', component_type: 2 } }],
    ['an interaction without contents', { data: undefined }],
    ['an interaction of nobody', { user: undefined }],
  ])('may be %s', async (_, more) => {
    const { emulator, heard, log } = await startHearing();
    emulator.gateway.tell('INTERACTION_CREATE', bare(more));
    emulator.dm().say('hello');
    await emulator.until(() => heard.length === 1);
    expect(log.events()).toEqual([unhandled]);
  });

  test('may be empty', async () => {
    const { emulator, heard, log } = await startHearing();
    const events = ['MESSAGE_CREATE', 'MESSAGE_UPDATE', 'MESSAGE_DELETE', 'INTERACTION_CREATE'];
    const others = ['GUILD_CREATE', 'GUILD_UPDATE', 'GUILD_DELETE', 'CHANNEL_CREATE', 'CHANNEL_DELETE'];
    for (const event of [...events, ...others, 'THREAD_CREATE', 'TYPING_START', 'USER_UPDATE', 'NEW_EVENT'])
      emulator.gateway.tell(event, null);
    emulator.dm().say('hello');
    await emulator.until(() => heard.length === 1);
    expect(log.events().filter((event) => event !== unhandled)).toEqual([]);
    await emulator.until(() => emulator.gateway.online() === 1);
  });

  test('may come before the servers that were announced', async () => {
    const emulator = await startEmulator({ gateway: { lacks: ['GUILD_CREATE'] } });
    emulator.guild();
    const { heard, isReady } = await startListening({ emulator });
    await emulator.until(() => emulator.gateway.online() === 1);
    expect(isReady()).toBe(false);
    emulator.gateway.tell('GUILD_CREATE', null);
    emulator.dm().say('hello');
    await emulator.until(() => heard.length === 1);
  });
});

test('a server’s language that is none is left out', async () => {
  const { emulator, heard } = await startHearing();
  const guild = emulator.guild();
  const channel = guild.channel();
  emulator.gateway.tell('GUILD_UPDATE', { id: guild.id, name: 'x', preferred_locale: 5 });
  channel.say(`${emulator.mention} hello`);
  await emulator.until(() => heard.length === 1);
  expect(heard[0]?.author.locale).toBeUndefined();
});

describe('a server that only resembles Discord', () => {
  test.each(['session_start_limit', 'shards', 'application'] as const)('may lack %s', async (lack) => {
    const emulator = await startEmulator({ gateway: { lacks: [lack] } });
    const { heard, log } = await startHearing({ emulator });
    emulator.dm().say('hello');
    await emulator.until(() => heard.length === 1);
    expect(emulator.bot.commands.size).toBe(3);
    expect(log.events()).toEqual([]);
  });

  test('whose limits are known by half is believed as to that half', async () => {
    const emulator = await startEmulator({ gateway: { sessionStarts: 0 } });
    const { log } = await startListening({ emulator });
    await emulator.until(() => log.events().length === 1);
    expect(log.text()).toMatch(/Not enough sessions remaining/);
  });

  test('is told from one that says something else', async () => {
    const emulator = await startEmulator();
    emulator.fault({ kind: 'page', status: 200, route: '/gateway/bot' });
    const { log } = await startHearing({ emulator });
    expect(log.events()).toEqual([
      'warn: Discord cannot be reached; trying again',
      'info: Discord is reached again',
    ]);
    expect(log.text()).toMatch(/DISCORD_API_URL does not speak as Discord does/);
  });

  test('that does not even say who the bot is is asked again', async () => {
    const emulator = await startEmulator({ gateway: { lacks: ['user'] } });
    const { log } = await startListening({ emulator, limits: { silentMs: 60_000 } });
    await emulator.until(() => emulator.gateway.connections.length > 2);
    expect(log.events()).toEqual([unhandled, 'warn: Discord cannot be reached; trying again']);
  });
});
