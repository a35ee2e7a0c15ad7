import { z } from 'zod';
import { type Answer, limitAnswer, pageAnswer } from './answer.ts';
import { refuse, refuseStatus } from './refusal.ts';

const where = {
  method: z.string().optional(),
  /** As in the documents: `/channels/:channel/messages`. */
  route: z.string().optional(),
  channel: z.string().optional(),
};

/** How the server misbehaves for a call: of one method and route, in one channel, or whichever comes next. */
export const faultShape = z.discriminatedUnion('kind', [
  /** An error body of Discord's: by its code, or with none by its status. */
  z.object({
    kind: z.literal('refuse'),
    code: z.number().int().default(0),
    status: z.number().int().optional(),
    retryAfter: z.number().optional(),
    ...where,
  }),
  /** A 429, though nothing was too much. */
  z.object({
    kind: z.literal('limit'),
    retryAfter: z.number(),
    scope: z.enum(['user', 'global', 'shared']).default('user'),
    ...where,
  }),
  /** What a proxy in front of the server says: a page, not JSON. */
  z.object({ kind: z.literal('page'), status: z.number().int(), ...where }),
  /**
   * The connection ends without an answer; `landed` says whether the call was carried out before. discord.js repeats
   * a call by itself only when the connection was reset.
   */
  z.object({ kind: z.literal('drop'), landed: z.boolean(), reset: z.boolean().default(false), ...where }),
  /** No answer ever, and nothing carried out. */
  z.object({ kind: z.literal('hang'), ...where }),
  z.object({ kind: z.literal('delay'), ms: z.number(), ...where }),
]);

export type Fault = z.infer<typeof faultShape>;
export type FaultRequest = z.input<typeof faultShape>;

export interface Faults {
  /** The next `times` matching calls go wrong. */
  add(fault: FaultRequest, times?: number): void;
  take(call: { method: string; route: string | undefined; channelId: string | undefined }): Fault | undefined;
}

export function createFaults(): Faults {
  const planned: { readonly fault: Fault; left: number }[] = [];
  return {
    add(fault, times = 1) {
      planned.push({ fault: faultShape.parse(fault), left: times });
    },
    take({ method, route, channelId }) {
      const next = planned.find(
        ({ fault, left }) =>
          left > 0 &&
          (fault.method ?? method).toUpperCase() === method &&
          (fault.route ?? route) === route &&
          (fault.channel ?? channelId) === channelId,
      );
      if (next === undefined) return undefined;
      next.left -= 1;
      return next.fault;
    },
  };
}

/** What a fault says instead of the server; nothing for those that let the call through. */
export function answerFault(fault: Fault | undefined): Answer | undefined {
  if (fault?.kind === 'page') return pageAnswer(fault.status);
  if (fault?.kind === 'limit') return limitAnswer(fault.scope, fault.retryAfter);
  if (fault?.kind !== 'refuse') return undefined;
  const { code, status, retryAfter } = fault;
  const refusal = code === 0 ? refuseStatus(status ?? 500) : refuse(code);
  const { message } = refusal;
  const body = { message, code, ...(retryAfter !== undefined && { retry_after: retryAfter, global: false }) };
  const headers = retryAfter === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfter)) };
  return { status: status ?? refusal.status, body, headers };
}
