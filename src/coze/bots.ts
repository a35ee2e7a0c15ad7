import { CozeFailed } from '../core/errors.ts';
import type { ListedBot } from '../core/ports/coze.ts';
import { call } from './call.ts';
import { requireId } from './ids.ts';
import { type Loose, loose, textIn } from './loose.ts';
import type { Access } from './wire.ts';

/** What Coze gives by itself. */
const botsAtOnce = 20;
/** The most that Coze gives. */
const workspacesAtOnce = 50;

/** The bots of one workspace, published or not, as their newest drafts are called. */
export async function botsOf(access: Access, workspaceId: string): Promise<ListedBot[]> {
  const workspace_id = requireId(workspaceId);
  const query = { workspace_id, publish_status: 'all', page_size: botsAtOnce };
  return everyPage(
    // The official SDKs disagree on what the number of the page is called.
    (page) => fetchPage(access, '/v1/bots', { ...query, page_num: page, page_index: page }, 'items'),
    ({ id, name, is_published }) => ({
      id: String(id),
      name: textIn(name) ?? '',
      isPublished: is_published === true,
      workspaceId,
    }),
  );
}

/** Those of every workspace that the token may look into: a user is in more of them than a token need be made for. */
export async function botsEverywhere(access: Access): Promise<ListedBot[]> {
  const found: ListedBot[] = [];
  const refusals: CozeFailed[] = [];
  const workspaces = await workspacesOf(access);
  for (const workspace of workspaces) {
    try {
      found.push(...(await botsOf(access, workspace)));
    } catch (error) {
      if (!(error instanceof CozeFailed) || error.facts.code !== notAllowed) throw error;
      refusals.push(error);
    }
  }
  const [refusal] = refusals;
  if (refusal && refusals.length === workspaces.length) throw refusal;
  return found;
}

const notAllowed = 4101;

async function workspacesOf(access: Access): Promise<string[]> {
  const pages = await everyPage(
    (page) =>
      fetchPage(access, '/v1/workspaces', { page_num: page, page_size: workspacesAtOnce }, 'workspaces'),
    ({ id }) => ({ id: String(id) }),
  );
  return pages.map(({ id }) => id);
}

interface Page {
  readonly items: readonly Loose[];
  readonly total: number;
}

async function fetchPage(
  access: Access,
  path: string,
  query: Record<string, string | number>,
  list: 'items' | 'workspaces',
): Promise<Page> {
  const reply: unknown = await call(access, (coze) => coze.get(path, query));
  const data = loose(loose(reply)?.data) ?? {};
  const listed = data[list];
  const items: readonly unknown[] = Array.isArray(listed) ? listed : [];
  return {
    items: items.map(loose).filter((item) => item !== undefined),
    total: Number(data.total ?? data.total_count ?? Number.POSITIVE_INFINITY),
  };
}

/** All that is on the pages. One that brings nothing new is the last, whatever the server says of the total. */
async function everyPage<Item extends { readonly id: string }>(
  fetch: (page: number) => Promise<Page>,
  toItem: (item: Loose) => Item,
): Promise<Item[]> {
  const found = new Map<string, Item>();
  for (let page = 1; ; page += 1) {
    const { items, total } = await fetch(page);
    const before = found.size;
    for (const item of items.map(toItem)) found.set(item.id, item);
    if (found.size >= total || found.size === before) return [...found.values()];
  }
}
