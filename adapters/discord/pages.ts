import { z } from 'zod';
import type { Call } from './call.ts';
import { isLater } from './snowflake.ts';

/** A message as it came, which its id was found in. */
interface Found {
  readonly id: string;
  readonly payload: unknown;
}

export interface Pages {
  /** The oldest first. */
  readonly found: readonly Found[];
  /** There were more, older ones. */
  readonly isCut: boolean;
}

const pageSize = 100;
const mostPages = 3;

const pageShape = z.array(z.unknown());
const withId = z.object({ id: z.string().regex(/^\d{1,20}$/) });

/** What was written in a channel after a message; of very much, the newest. `turn` resolves when a call may be made. */
export async function pagesAfter(
  call: Call,
  turn: () => Promise<void>,
  channel: string,
  after: string,
): Promise<Pages> {
  const read = async (query: Record<string, string>): Promise<Found[]> => {
    await turn();
    const path = `/channels/${channel}/messages` as const;
    const page = await call('GET', path, undefined, { query: { ...query, limit: String(pageSize) } });
    return pageShape.parse(page).flatMap((payload) => {
      const { data } = withId.safeParse(payload);
      return data ? [{ id: data.id, payload }] : [];
    });
  };
  const first = await read({ after });
  if (first.length < pageSize) return { found: inOrder(first), isCut: false };
  // There is more than a page, of which these are the oldest. The newest are wanted first: back from the end.
  const found = new Map<string, Found>();
  const end = newestOf(first);
  let before: string | undefined;
  for (let pages = 0; pages < mostPages; pages++) {
    const page = await read(before === undefined ? {} : { before });
    for (const one of page) if (isLater(one.id, after)) found.set(one.id, one);
    const oldest = inOrder(page)[0]?.id;
    if (oldest === undefined || !isLater(oldest, end)) {
      for (const one of first) found.set(one.id, one);
      return { found: newest(found), isCut: found.size > mostPages * pageSize };
    }
    before = oldest;
  }
  return { found: newest(found), isCut: true };
}

const inOrder = (found: readonly Found[]): Found[] =>
  [...found].sort((one, other) => (isLater(one.id, other.id) ? 1 : -1));

const newestOf = (found: readonly Found[]): string => inOrder(found).at(-1)?.id ?? '0';

const newest = (found: ReadonlyMap<string, Found>): Found[] =>
  inOrder([...found.values()]).slice(-mostPages * pageSize);
