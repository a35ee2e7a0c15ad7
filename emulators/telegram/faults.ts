import { z } from 'zod';

const where = { method: z.string().optional(), chat: z.number().optional() };

/** How the server misbehaves for a call: of one method, in one chat, or whichever comes next. */
export const faultShape = z.discriminatedUnion('kind', [
  /** An error body of the Bot API. */
  z.object({
    kind: z.literal('refuse'),
    code: z.number().int(),
    description: z.string().optional(),
    retryAfter: z.number().int().optional(),
    ...where,
  }),
  /** What a proxy in front of the server says: a page, not JSON. */
  z.object({ kind: z.literal('page'), code: z.number().int(), ...where }),
  /** The connection ends without an answer; `landed` says whether the call was carried out before. */
  z.object({ kind: z.literal('drop'), landed: z.boolean(), ...where }),
  /** No answer ever; `landed` says whether the call is carried out, by default it is not. */
  z.object({ kind: z.literal('hang'), landed: z.boolean().optional(), ...where }),
  z.object({ kind: z.literal('delay'), ms: z.number(), ...where }),
]);

export type Fault = z.infer<typeof faultShape>;

export interface Faults {
  /** The next `times` matching calls go wrong. */
  add(fault: Fault, times?: number): void;
  take(method: string, chatId: number | undefined): Fault | undefined;
}

export function createFaults(): Faults {
  const planned: { readonly fault: Fault; left: number }[] = [];
  return {
    add(fault, times = 1) {
      planned.push({ fault, left: times });
    },
    take(method, chatId) {
      const next = planned.find(({ fault, left }) => {
        const sameMethod = (fault.method ?? method).toLowerCase() === method.toLowerCase();
        return left > 0 && sameMethod && (fault.chat ?? chatId) === chatId;
      });
      if (next === undefined) return undefined;
      next.left -= 1;
      return next.fault;
    },
  };
}

const descriptions: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
};

export function faultDescription({
  code,
  description,
  retryAfter,
}: Extract<Fault, { kind: 'refuse' }>): string {
  if (description !== undefined) return description;
  return retryAfter === undefined
    ? (descriptions[code] ?? 'Internal Server Error')
    : `Too Many Requests: retry after ${retryAfter}`;
}
