import { describe, expect, test } from 'vitest';
import type { Bots } from '../../emulators/coze/bots.ts';
import { call, emulate } from './coze-client.ts';

const personal = '7300000000000000009';
const team = '7300000000000000020';
const bots: Bots = {
  '11': { published: true, name: 'Weather' },
  '12': { published: false, name: 'Draft' },
  '13': { published: true, name: 'Poet', workspace: team },
};

describe('the bots of a workspace', () => {
  test('are by default those that are published', async () => {
    const { api } = await emulate({ bots });
    const { items, total } = await api.bots.listNew({ workspace_id: personal });
    expect(total).toBe(1);
    expect(items).toMatchObject([
      { id: '11', name: 'Weather', is_published: true, published_at: expect.any(Number) },
    ]);
  });

  test('are all, or only the others, where that is asked for', async () => {
    const { api } = await emulate({ bots });
    const idsOf = async (publish_status: string) =>
      (await api.bots.listNew({ workspace_id: personal, publish_status })).items.map(({ id }) => id);
    expect(await idsOf('all')).toEqual(['11', '12']);
    expect(await idsOf('unpublished_draft')).toEqual(['12']);
  });

  test('come in pages of twenty', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 25 }, (_, at) => [`${100 + at}`, { published: true }]),
    );
    const { api } = await emulate({ bots: many });
    const first = await api.bots.listNew({ workspace_id: personal });
    const second = await api.bots.listNew({ workspace_id: personal, page_num: 2 });
    expect([first.items.length, second.items.length, second.total]).toEqual([20, 5, 25]);
    expect((await api.bots.listNew({ workspace_id: personal, page_num: 3 })).items).toEqual([]);
  });

  test.each([
    ['without a workspace', '/v1/bots', 4000],
    ['of a workspace that is not ours', '/v1/bots?workspace_id=99', 4101],
    ['of a status that there is not', `/v1/bots?workspace_id=${personal}&publish_status=old`, 4000],
    ['on page 0', `/v1/bots?workspace_id=${personal}&page_num=0`, 4000],
  ])('%s are refused', async (_what, path, code) => {
    const { url } = await emulate({ bots });
    expect((await call(url, path)).json).toMatchObject({ code });
  });
});

test('the workspaces are those of the bots, and one’s own', async () => {
  const { api, url } = await emulate({ bots });
  const { workspaces, total_count } = await api.workspaces.list();
  expect(workspaces.map(({ id, workspace_type }) => [id, workspace_type])).toEqual([
    [personal, 'personal'],
    [team, 'team'],
  ]);
  expect(total_count).toBe(2);
  expect((await api.workspaces.list({ page_num: 2, page_size: 1 })).workspaces).toMatchObject([{ id: team }]);
  expect((await call(url, '/v1/workspaces?page_size=51')).json).toMatchObject({ code: 4000 });
});

test('without a list there is the bot of the demo', async () => {
  const { api } = await emulate();
  const { items } = await api.bots.listNew({ workspace_id: personal });
  expect(items).toMatchObject([{ id: '7300000000000000001', is_published: true }]);
});
