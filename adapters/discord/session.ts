import type { Client, GatewayDispatchEvents } from 'discord.js';
import { z } from 'zod';
import type { Missed, Session } from './missed.ts';
import type { Spot } from './seen.ts';

type On = (event: `${GatewayDispatchEvents}`, act: (payload: unknown) => void) => void;

const id = z.string().regex(/^\d{1,20}$/);

const ready = z.object({
  user: z.object({ id }),
  guilds: z.array(z.object({ id }).catch({ id: '' })).catch([]),
  shard: z
    .tuple([z.int().min(0), z.int().min(1)])
    .optional()
    .catch(undefined),
});

const spoken = z.object({ id, type: z.int(), last_message_id: id }).optional().catch(undefined);

const guildShape = z.object({
  id,
  channels: z.array(spoken).catch([]),
  threads: z.array(spoken).catch([]),
});

/** Texts, voice and announcements, and threads: what has messages of its own. */
const written: readonly number[] = [0, 2, 5, 10, 11, 12, 13];

interface BeginningOptions extends Pick<Session, 'take'> {
  readonly missed: Missed;
}

/** Hears that a session begins, after which nothing comes again that was said before it. */
export function hearBeginning(client: Client, on: On, { missed, take }: BeginningOptions): void {
  const announced = new Set<string>();
  on('READY', (payload) => {
    const { data } = ready.safeParse(payload);
    if (!data) return;
    for (const guild of data.guilds) announced.add(guild.id);
    const [shard, count] = data.shard ?? [0, 1];
    const isOurs = ({ guild }: Spot) => shardOf(guild, count) === shard;
    const isUp = new Promise<void>((resolve) => {
      client.on('shardReady', (found) => {
        if (found === shard) resolve();
      });
    });
    missed.begin({ bot: data.user.id, isOurs, isUp, take });
  });
  // Its channels tell of messages, also of those in places of which nothing is noted.
  on('GUILD_CREATE', (payload) => {
    const { data } = guildShape.safeParse(payload);
    if (!data || !announced.delete(data.id)) return;
    for (const channel of [...data.channels, ...data.threads])
      if (channel && written.includes(channel.type))
        missed.notice({ channel: channel.id, guild: data.id, type: channel.type }, channel.last_message_id);
  });
}

/** DMs are for the first one (topics/gateway). */
const shardOf = (guild: string | undefined, count: number): number =>
  guild === undefined ? 0 : Number((BigInt(guild) >> 22n) % BigInt(count));
