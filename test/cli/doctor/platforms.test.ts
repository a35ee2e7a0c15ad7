import { describe, expect, onTestFinished, test } from 'vitest';
import { type DiscordEmulatorOptions, startDiscordEmulator } from '../../../emulators/discord/emulator.ts';
import { startTelegramEmulator, type TelegramEmulatorOptions } from '../../../emulators/telegram/emulator.ts';
import { openClinic } from './stand.ts';

async function withTelegram(options: TelegramEmulatorOptions = {}) {
  const telegram = await startTelegramEmulator(options);
  onTestFinished(() => telegram.close());
  const env = { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url };
  const { examine } = await openClinic();
  return { telegram, examine: async (more = {}) => (await examine({ ...env, ...more })).found };
}

async function withDiscord(options: DiscordEmulatorOptions = {}) {
  const discord = await startDiscordEmulator(options);
  onTestFinished(() => discord.close());
  const env = { DISCORD_BOT_TOKEN: discord.token, DISCORD_API_URL: `${discord.url}/api` };
  const { examine } = await openClinic();
  return { discord, examine: async (more = {}) => (await examine({ ...env, ...more })).found };
}

const webhook = 'https://bridge.example.com/a-secret-path';

describe('Telegram', () => {
  test('is looked at only where it is used', async () => {
    const { examine } = await openClinic();
    expect(Object.keys((await examine()).found).filter((name) => /telegram|discord/.test(name))).toEqual([]);
  });

  test('is well, and nothing is taken from a bridge that polls', async () => {
    const { telegram, examine } = await withTelegram({ username: 'parrot_bot' });
    expect(await examine()).toMatchObject({
      'telegram token': { state: 'ok', words: expect.stringMatching(/@parrot_bot/) },
      'telegram updates': { state: 'ok', words: expect.stringMatching(/^by polling/) },
      'telegram groups': { state: 'ok', words: expect.stringMatching(/^privacy mode is on/) },
    });
    expect(telegram.calls.map(({ method }) => method)).not.toContain('getUpdates');
  });

  test.each(['401', '404'])('does not know the token (%s)', async (code) => {
    const { telegram, examine } = await withTelegram();
    telegram.fault({ kind: 'refuse', code: Number(code), method: 'getMe' });
    expect(await examine()).toMatchObject({
      'telegram token': { state: 'failed', advice: expect.stringMatching(/@BotFather/) },
      'telegram updates': { state: 'skipped', words: expect.stringMatching(/"telegram token" has failed/) },
      'telegram groups': { state: 'skipped' },
    });
  });

  test('cannot be reached', async () => {
    const { examine } = await withTelegram();
    expect((await examine({ TELEGRAM_API_ROOT: 'http://127.0.0.1:9' }))['telegram token']).toMatchObject({
      state: 'failed',
      words: expect.stringMatching(/ECONNREFUSED/),
      advice: expect.stringMatching(/TELEGRAM_PROXY/),
    });
  });

  test('has a webhook of somebody else, whose path is not told', async () => {
    const { telegram, examine } = await withTelegram();
    await fetch(`${telegram.url}/bot${telegram.token}/setWebhook?url=${webhook}`);
    const { 'telegram updates': polling } = await examine();
    expect(polling).toMatchObject({ state: 'odd', words: expect.stringMatching(/bridge\.example\.com/) });
    expect(polling?.words).not.toMatch(/secret/);
    const ours = { TELEGRAM_WEBHOOK_URL: 'https://ours.example.com/' };
    expect((await examine(ours))['telegram updates']?.state).toBe('odd');
  });

  test('has our webhook, or is going to have it', async () => {
    const { telegram, examine } = await withTelegram();
    const ours = { TELEGRAM_WEBHOOK_URL: webhook };
    expect((await examine(ours))['telegram updates']?.words).toMatch(/registers it/);
    await fetch(`${telegram.url}/bot${telegram.token}/setWebhook?url=${webhook}`);
    expect((await examine(ours))['telegram updates']?.words).toMatch(/no trouble/);
  });

  test('cannot deliver to our webhook', async () => {
    const { telegram, examine } = await withTelegram({ local: true, webhookSecondMs: 1 });
    const url = 'http://127.0.0.1:9/a-secret-path';
    await fetch(`${telegram.url}/bot${telegram.token}/setWebhook?url=${url}`);
    telegram.privateChat().say('hello');
    await telegram.until(() => telegram.deliveries.length > 1);
    expect((await examine({ TELEGRAM_WEBHOOK_URL: url }))['telegram updates']).toMatchObject({
      state: 'failed',
      words: expect.stringMatching(/cannot deliver/),
      advice: expect.stringMatching(/TELEGRAM_WEBHOOK/),
    });
  });

  test('has privacy mode off', async () => {
    const { examine } = await withTelegram({ privacy: false });
    expect((await examine())['telegram groups']).toMatchObject({ words: expect.stringMatching(/is off/) });
  });

  test('is skipped where its own settings are wrong', async () => {
    const { examine } = await withTelegram();
    expect(await examine({ TELEGRAM_BOT_TOKEN: 'not-a-token' })).toMatchObject({
      settings: { state: 'failed' },
      'telegram token': { state: 'skipped' },
    });
  });
});

describe('Discord', () => {
  test('is well; the commands are registered by the bridge', async () => {
    const { discord, examine } = await withDiscord({ username: 'parrot' });
    expect(await examine()).toMatchObject({
      'discord token': { state: 'ok', words: expect.stringMatching(/parrot/) },
      'discord intents': { state: 'ok', words: expect.stringMatching(/none is needed/) },
      'discord commands': { state: 'odd', words: 'not registered: /reset /stop /help' },
    });
    const id = discord.bot.user.id;
    await fetch(`${discord.url}/api/v10/applications/${id}/commands`, {
      method: 'PUT',
      headers: { authorization: `Bot ${discord.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(['reset', 'stop', 'help'].map((name) => ({ name, description: name }))),
    });
    expect((await examine())['discord commands']).toMatchObject({ state: 'ok' });
  });

  test('does not know the token', async () => {
    const { examine } = await withDiscord();
    expect(await examine({ DISCORD_BOT_TOKEN: 'MTIz.GabcDE.this_opens_nothing_at_all' })).toMatchObject({
      'discord token': { state: 'failed', advice: expect.stringMatching(/Reset Token/) },
      'discord intents': { state: 'skipped' },
      'discord commands': { state: 'skipped', words: expect.stringMatching(/"discord token" has failed/) },
    });
  });

  test('cannot be reached', async () => {
    const { examine } = await withDiscord();
    expect((await examine({ DISCORD_API_URL: 'http://127.0.0.1:9/api' }))['discord token']).toMatchObject({
      state: 'failed',
      words: expect.stringMatching(/ECONNREFUSED/),
      advice: expect.stringMatching(/DISCORD_PROXY/),
    });
  });

  test('does not let the bot read all messages, or does', async () => {
    const wanted = { DISCORD_MESSAGE_CONTENT: 'true' };
    const { examine } = await withDiscord();
    expect((await examine(wanted))['discord intents']).toMatchObject({
      state: 'failed',
      advice: expect.stringMatching(/switch it on, or unset DISCORD_MESSAGE_CONTENT/),
    });
    const allowed = await withDiscord({ privilegedIntents: ['messageContent'] });
    expect((await allowed.examine(wanted))['discord intents']).toMatchObject({ state: 'ok' });
  });

  test('refuses one thing, and the rest is told', async () => {
    const { discord, examine } = await withDiscord();
    discord.fault({ kind: 'refuse', code: 0, status: 403, route: '/applications/:application/commands' });
    expect(await examine()).toMatchObject({
      'discord intents': { state: 'ok' },
      'discord commands': { state: 'failed', words: expect.stringMatching(/403/) },
    });
  });
});
