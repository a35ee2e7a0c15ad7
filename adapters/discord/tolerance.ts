import type { Client } from 'discord.js';
import { z } from 'zod';
import type { Log } from '../../src/core/ports/world.ts';
import { masked } from './failure.ts';

/** What discord.js has besides its types. */
interface Handling {
  /** Hands an event to the handler of its kind, after those who listen to `client.ws` have heard it. */
  handlePacket(packet?: Packet, shard?: unknown): boolean;
}

interface Packet {
  readonly t: string;
  d: unknown;
}

/**
 * discord.js takes for granted what Discord itself always sends, and what its handlers throw ends the process. Servers
 * that only resemble Discord leave things out: here they are filled in where that is easy, and an event that cannot be
 * handled is left out, which is said once for its kind.
 */
export function createTolerance(log: Log): Tolerance {
  const told = new Set<string>();
  const tell = (event: string, error: unknown) => {
    const reason = masked(Object(error).message);
    if (!told.has(event)) log.warn({ event, reason }, 'discord.js cannot handle an event, and leaves it out');
    told.add(event);
  };
  return {
    guard(client) {
      guardHandlers(client.ws as unknown as Handling, tell);
      const get = client.rest.get.bind(client.rest);
      client.rest.get = async (route, options) => {
        const answer = await get(route, options);
        return route === '/gateway/bot' ? gatewayOf(answer) : answer;
      };
    },
    tell: (error) => tell('', error),
  };
}

interface Tolerance {
  guard(client: Client): void;
  /** Hears of what went wrong in discord.js outside of its handlers. */
  tell(error: unknown): void;
}

function guardHandlers(ws: Handling, tell: (event: string, error: unknown) => void): void {
  const handle = ws.handlePacket.bind(ws);
  ws.handlePacket = (packet, shard) => {
    try {
      if (packet) packet.d = filledIn(packet);
      return handle(packet, shard);
    } catch (error) {
      tell(packet?.t ?? '', error);
      return false;
    }
  };
}

const readyShape = z.looseObject({
  user: z.object({ id: z.string() }),
  application: z.object({}).optional(),
});

function filledIn({ t, d }: Packet): unknown {
  const { data } = t === 'READY' ? readyShape.safeParse(d) : {};
  // Since 2016 a bot is made with its application, and has its id.
  if (data && !data.application) return { ...data, application: { id: data.user.id, flags: 0 } };
  return d ?? {};
}

const starts = z.looseObject({
  total: z.number().catch(1_000),
  remaining: z.number().catch(1_000),
  reset_after: z.number().catch(0),
  max_concurrency: z.number().catch(1),
});

const gatewayShape = z.looseObject({
  url: z.string(),
  shards: z.int().positive().catch(1),
  session_start_limit: starts.catch(() => starts.parse({})),
});

function gatewayOf(answer: unknown): z.infer<typeof gatewayShape> {
  const { data } = gatewayShape.safeParse(answer);
  if (!data) throw new Error('what answers at DISCORD_API_URL does not speak as Discord does');
  return data;
}
