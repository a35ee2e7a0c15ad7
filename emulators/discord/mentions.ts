import { type AllowedMentions, defaultMentions } from './forms/allowed-mentions.ts';
import { isAllowed } from './permissions.ts';
import type { ChannelState, Pings } from './world.ts';

/** Nothing in code is a mention. */
const code = /(`{1,})(?!`)[\s\S]*?(?<!`)\1(?!`)/g;

interface Written {
  readonly channel: ChannelState;
  readonly authorId: string;
  readonly content: string;
  /** Who wrote the message that is answered. */
  readonly repliedTo?: string | undefined;
  readonly allowed?: AllowedMentions | undefined;
}

/** Whom a text calls, out of those that it names and may call. */
export function findPings({
  channel,
  authorId,
  content,
  repliedTo,
  allowed = defaultMentions,
}: Written): Pings {
  const text = content.replace(code, '');
  const may = (kind: 'users' | 'roles', id: string) =>
    allowed.parse.includes(kind) || allowed[kind].includes(id);
  const callsAll = isAllowed(channel, authorId, 'mentionEveryone');
  const users = ids(text, /<@!?(\d{17,19})>/g).filter((id) => may('users', id));
  const roles = ids(text, /<@&(\d{17,19})>/g).filter(
    (id) => may('roles', id) && (callsAll || channel.guild?.roles.get(id)?.mentionable === true),
  );
  // Who answers their own message calls nobody.
  const answered =
    repliedTo !== undefined && repliedTo !== authorId && allowed.repliedUser ? [repliedTo] : [];
  return {
    everyone: /@(everyone|here)\b/.test(text) && allowed.parse.includes('everyone') && callsAll,
    users: [...new Set([...users, ...answered])],
    roles: channel.guild === undefined ? [] : roles,
  };
}

const ids = (text: string, pattern: RegExp) => [
  ...new Set([...text.matchAll(pattern)].flatMap(([, id]) => id ?? [])),
];
