import type { Bots } from './bots.ts';
import type { Call, Handler } from './call.ts';
import { badParameter, Refusal } from './refusal.ts';

/** The workspace that everybody has, of their own. */
const personal = '7300000000000000009';

/** What there is where nobody has said which bots there are. */
const anyBot: Bots = { '7300000000000000001': { published: true } };

const statuses = ['all', 'published_online', 'published_draft', 'unpublished_draft'];

/** The bots of one workspace: by default only those that are published. */
export function listBots(bots: Bots = anyBot): Handler {
  const workspaces = workspacesOf(bots);
  return (call) => {
    const { workspace_id: asked = '', publish_status: status = 'published_online' } = call.query;
    if (!/^\d+$/.test(asked)) throw badParameter('workspace_id is required');
    if (!statuses.includes(status)) throw badParameter('unknown publish_status');
    if (!workspaces.includes(asked)) throw new Refusal(4101, 'The token has no access to this workspace');
    const found = Object.entries(bots).filter(
      ([, { published, workspace = personal }]) =>
        workspace === asked && (status === 'all' || published === (status !== 'unpublished_draft')),
    );
    const items = found.map(([id, { published, name = 'Emulated bot' }]) => ({
      id,
      name,
      description: '',
      icon_url: '',
      is_published: published,
      updated_at: 1_760_000_000,
      ...(published && { published_at: 1_760_000_000 }),
      owner_user_id: '7300000000000000001',
    }));
    return { json: { data: { items: page(items, call, 20), total: items.length } } };
  };
}

export function listWorkspaces(bots: Bots = anyBot): Handler {
  const workspaces = workspacesOf(bots).map((id) => ({
    id,
    name: id === personal ? 'Personal' : `Team ${id}`,
    icon_url: '',
    role_type: 'owner',
    workspace_type: id === personal ? 'personal' : 'team',
    enterprise_id: '',
  }));
  return (call) => {
    if (Number(call.query.page_size ?? 10) > 50) throw badParameter('page_size is over 50');
    return { json: { data: { workspaces: page(workspaces, call, 10), total_count: workspaces.length } } };
  };
}

const workspacesOf = (bots: Bots): string[] => [
  ...new Set([personal, ...Object.values(bots).map(({ workspace = personal }) => workspace)]),
];

function page<Item>(items: readonly Item[], { query }: Call, usual: number): Item[] {
  const size = Number(query.page_size ?? usual);
  const number = Number(query.page_num ?? 1);
  if (!(size >= 1 && number >= 1)) throw badParameter('page_num and page_size count from 1');
  return items.slice((number - 1) * size, number * size);
}
