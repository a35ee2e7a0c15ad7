import { z } from 'zod';

// Opcodes of the gateway (topics/opcodes-and-status-codes).
const dispatch = 0;
const invalidSession = 9;
const hello = 10;

/** Discord's own, for servers that do not tell theirs. */
const usualHeartbeatMs = 41_250;
const leastHeartbeatMs = 50;
const longestTimerMs = 2 ** 31 - 1;

const anything = z.unknown().optional();
const frameShape = z.looseObject({ op: z.int(), t: anything, s: anything, d: anything });

const interval = z.object({ heartbeat_interval: z.number().min(leastHeartbeatMs).max(longestTimerMs) });

const begun = z.looseObject({
  session_id: z.string(),
  resume_gateway_url: z
    .url({ protocol: /^wss?$/ })
    .optional()
    .catch(undefined),
  guilds: z
    .array(z.unknown())
    .catch([])
    .transform((guilds) => guilds.filter((guild) => z.object({ id: z.string() }).safeParse(guild).success)),
});

/**
 * What the gateway has sent, such that discord.js can read it: it takes the form for granted, and its process ends over
 * what is not. Null for what nothing can be made of. `isOpen`: there is a session already, which no other one follows.
 */
export function frameOf(sent: unknown, isOpen: boolean): z.infer<typeof frameShape> | null {
  const { data: frame } = frameShape.safeParse(sent);
  if (!frame) return null;
  if (frame.op === hello) {
    // A second one would have its heartbeats beside those of the first.
    if (isOpen) return null;
    const { data = { heartbeat_interval: usualHeartbeatMs } } = interval.safeParse(frame.d);
    return { ...frame, d: data };
  }
  if (frame.op === invalidSession) return { ...frame, d: frame.d === true };
  return frame.op === dispatch ? eventOf(frame, isOpen) : frame;
}

function eventOf(frame: z.infer<typeof frameShape>, isOpen: boolean): z.infer<typeof frameShape> | null {
  const s = Number.isSafeInteger(frame.s) ? frame.s : null;
  // Events are told by names like this one; an emitter has other names of its own, such as `error`.
  const t = typeof frame.t === 'string' && /^[A-Z][A-Z0-9_]*$/.test(frame.t) ? frame.t : 'UNKNOWN';
  if (t === 'RESUMED' && isOpen) return null;
  if (t !== 'READY') return { ...frame, s, t };
  const { data: d } = isOpen ? {} : begun.safeParse(frame.d);
  return d ? { ...frame, s, t, d } : null;
}
