import { type APIApplicationCommand, Routes } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { mistakes, refused, startDiscord } from './discord-client.ts';

async function withApplication() {
  const { emulator, rest } = await startDiscord();
  const url = Routes.applicationCommands(emulator.bot.user.id);
  const put = (...body: object[]) => rest.put(url, { body }) as Promise<APIApplicationCommand[]>;
  return { emulator, rest, url, put };
}

const reset = {
  name: 'reset',
  description: 'Forget this conversation',
  name_localizations: { 'zh-CN': '重置' },
  description_localizations: { 'zh-CN': '忘记这段对话' },
  contexts: [0, 1],
  integration_types: [0],
};

describe('slash commands', () => {
  test('the whole list is put in place of the old one, and what keeps its name keeps its id', async () => {
    const { emulator, rest, url, put } = await withApplication();
    const [first] = await put(reset, { name: 'help', description: 'What it can do' });
    const [again] = await put({ ...reset, description: 'Changed' });
    expect(again).toMatchObject({ ...reset, id: first?.id, description: 'Changed', type: 1 });
    const added = (await rest.post(url, { body: { ...reset, name: 'help' } })) as APIApplicationCommand;
    await rest.delete(`${url}/${added.id}`);
    const query = new URLSearchParams({ with_localizations: 'true' });
    expect(await rest.get(url, { query })).toEqual([again]);
    expect(emulator.calls.flatMap(({ unknownFields }) => unknownFields)).toEqual([]);
    const other = emulator.addBot();
    expect(await refused(rest.get(Routes.applicationCommands(other.user.id)))).toMatch('403 20012');
  });

  test('are listed with their translations only when these are asked for', async () => {
    const { rest, url, put } = await withApplication();
    const [made] = await put(reset);
    const { name_localizations, description_localizations, ...bare } = made ?? {};
    expect(await rest.get(url)).toEqual([bare]);
    const query = new URLSearchParams({ with_localizations: 'true' });
    expect(await rest.get(url, { query })).toEqual([made]);
  });

  test('names, descriptions, translations and places have their rules', async () => {
    const { put } = await withApplication();
    const named = (change: object) => put({ ...reset, ...change });
    const wrong = [
      named({ name: 'Reset' }),
      named({ name: 're set' }),
      named({ name: 'x'.repeat(33) }),
      named({ name: undefined }),
      named({ description: '' }),
      named({ description: 'x'.repeat(101) }),
      named({ name_localizations: { zh: '重置' } }),
      named({ name_localizations: { 'zh-CN': '重 置' } }),
      named({ description_localizations: { 'zh-CN': '长'.repeat(101) } }),
      named({ contexts: [3] }),
      named({ integration_types: [] }),
      named({ options: [{ type: 3, name: 'Bad', description: 'x' }] }),
      put(reset, reset),
    ];
    for (const call of wrong) expect(await refused(call)).toMatch('400 50035');
    expect(await mistakes(named({ name: 'Reset' }))).toEqual({
      0: {
        name: { _errors: [{ code: 'APPLICATION_COMMAND_INVALID_NAME', message: 'Command name is invalid' }] },
      },
    });
    const many = Array.from({ length: 101 }, (_, index) => ({ ...reset, name: `c${index}` }));
    expect(await refused(put(...many))).toMatch('400 30032');
    expect(await put(...many.slice(1))).toHaveLength(100);
  });

  test('the bot and its application can be asked about', async () => {
    const { emulator, rest } = await withApplication();
    const { id } = emulator.bot.user;
    expect(await rest.get(Routes.user())).toMatchObject({ id, bot: true });
    expect(await rest.get(Routes.currentApplication())).toMatchObject({ id, flags: 0 });
    expect(await refused(rest.setToken('wrong').get(Routes.user()))).toBe('401 0 401: Unauthorized');
  });
});
