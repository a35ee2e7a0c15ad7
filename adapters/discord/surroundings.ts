import type { Client } from 'discord.js';
import type { Place } from './inbound.ts';
import { isThreadType } from './payload.ts';

/** What is known of a place besides what a payload from there tells. */
export interface Surroundings {
  at(place: Spot): Place;
  /** The bot talks here. */
  talk(channel: string): void;
}

interface Spot {
  readonly channel: string;
  readonly type: number | undefined;
  readonly guild: string | undefined;
}

const threadsRemembered = 10_000;

/** `readsAll`: the bot may read what is not addressed to it. */
export function createSurroundings(client: Client<true>, readsAll: boolean): Surroundings {
  const talks = new Set<string>();
  return {
    at({ channel: id, type, guild }) {
      const channel = client.channels.cache.get(id);
      const thread = channel?.isThread() ? channel : undefined;
      const locale = guild && client.guilds.cache.get(guild)?.preferredLocale;
      return {
        me: client.user.id,
        isThread: thread !== undefined || isThreadType(type),
        // Who posts in a thread joins it, and of that Discord tells after a restart too.
        isOurs: readsAll && (talks.has(id) || thread?.joined === true),
        // Every server has this one that has not chosen: it tells nothing.
        ...(typeof locale === 'string' && locale !== 'en-US' && { locale }),
      };
    },
    talk(channel) {
      talks.delete(channel);
      talks.add(channel);
      const [oldest] = talks;
      if (talks.size > threadsRemembered && oldest !== undefined) talks.delete(oldest);
    },
  };
}
