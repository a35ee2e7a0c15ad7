import type { DiscordMessage } from './payload.ts';
import { nameOf } from './person.ts';

/** The text as people see it, without the name of the bot. */
export function readText({ content, mentions = [] }: DiscordMessage, me: string): string {
  const names = new Map(mentions.map(({ member, ...user }) => [user.id, nameOf(user, member)]));
  return content
    .split(new RegExp(`<@!?${me}>`))
    .reduce(join)
    .replace(/<@!?(\d+)>/g, (mention, id: string) => (names.get(id) ? `@${names.get(id)}` : mention))
    .replace(/<a?:(\w+):\d+>/g, ':$1:')
    .trim();
}

/** What stood around a name, without the space that it needed; after a name in front, without the comma or colon. */
function join(before: string, after: string): string {
  if (before.trim() === '') return after.replace(/^\s*[,:，：、]?/, '');
  if (/^[,.!?;:，。！？；：]/.test(after)) return before.trimEnd() + after;
  return /\s$/.test(before) ? before + after.replace(/^[^\S\n]+/, '') : before + after;
}
