/** What there has been in a run. */
export interface Facts {
  /** On all platforms. */
  readonly messages: number;
  readonly conversations: number;
}

/** What the README says is kept of what is over: how much of it at most, and how long. */
interface Kept {
  readonly most: (facts: Facts) => number;
  readonly until: string;
}

const once = (until: string, most = 1): Kept => ({ most: () => most, until });
const each = (until: string): Kept => ({ most: ({ conversations }) => conversations, until });

/** By the kinds of keys on Redis. */
const keptOnRedis: Readonly<Record<string, Kept>> = {
  salt: once('for good'),
  conversation: each('for good'),
  seen: { most: ({ messages }) => messages, until: '25 h' },
  answered: each('10 min'),
  'post-ids': once('1 h after the last', 500),
  'post-name': { most: ({ messages }) => messages, until: '1 h' },
  'post-claim': { most: ({ messages }) => messages, until: '1 h' },
  holder: each('for good'),
  feed: { most: ({ messages }) => messages, until: '1 h' },
  session: each('90 days'),
  budget: { most: ({ conversations }) => conversations + 4, until: 'it is full again' },
  notes: once('a book for each adapter', 6),
  lease: once('its holder ends', 3),
  workers: once('15 s'),
  doorbell: once("the queue's own", 8),
};

/** By tables. */
const keptInFile: Readonly<Record<string, Kept>> = {
  facts: once('for good', 8),
  conversations: each('for good'),
  seen: { most: ({ messages }) => messages, until: '25 h' },
  answered: each('10 min'),
  posts: { most: ({ messages }) => 2 * messages, until: '1 h' },
  budgets: { most: ({ conversations }) => conversations + 4, until: 'it is full again' },
  holders: each('for good'),
  feeds: { most: ({ messages }) => 20 * messages, until: '1 h' },
  sessions: each('90 days'),
  notes: each('a day'),
};

export interface Leftover {
  readonly kind: string;
  readonly count: number;
  readonly most: number;
  readonly until: string;
}

/** Everything that is in the store at the end; more than the most of it should not be there. */
export function leftovers(
  home: 'redis' | 'embedded',
  counts: ReadonlyMap<string, number>,
  facts: Facts,
): Leftover[] {
  const kept = home === 'redis' ? keptOnRedis : keptInFile;
  return [...counts]
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([kind, count]) => ({
      kind,
      count,
      most: kept[kind]?.most(facts) ?? 0,
      until: kept[kind]?.until ?? 'not kept at all',
    }));
}
