import { join } from '../../src/core/joining.ts';
import type { InboundMessage } from '../../src/core/message.ts';
import type { Answered, Interrupt } from '../../src/core/ports/store.ts';
import { createGateway } from '../../src/gateway.ts';
import { createFakeClock } from './fake-clock.ts';
import { inbound } from './fake-platform.ts';
import { createFakeConversations } from './fake-store.ts';
import { createLogbook } from './logbook.ts';

/** The line of a private conversation on the platform in memory. */
export const key = 'fake:b1:c1';

export const minute = 60_000;

/** A gateway and its mailbox, in memory. */
export function createGatewayRig() {
  const clock = createFakeClock();
  const lines = new Map<string, InboundMessage[]>();
  /** Those that were taken once. */
  const inHand = new Set<string>();
  const interrupts: Interrupt[] = [];
  const logbook = createLogbook();
  const line = (of = key) => lines.get(of) ?? [];
  const rig = {
    clock,
    lines,
    inHand,
    interrupts,
    logbook,
    line,
    texts: (of = key) => line(of).map(({ text }) => text),
    answered: undefined as Answered | undefined,
    said: (text: string, more: Partial<InboundMessage> = {}) =>
      inbound(text, { sentAt: clock.now(), ...more }),
  };

  const mailbox = {
    async put(to: string, message: InboundMessage) {
      if (await mailbox.join(to, message)) return 'joined' as const;
      if (line(to).some(({ id }) => id === message.id)) return 'seen' as const;
      lines.set(to, [...line(to), message]);
      return 'stored' as const;
    },
    async join(to: string, message: InboundMessage) {
      const last = line(to).at(-1);
      const joined = last && join(last, message, clock.now());
      if (joined) lines.set(to, [...line(to).slice(0, -1), joined]);
      return joined !== undefined;
    },
    async amend(to: string, { edits, text }: InboundMessage) {
      const at = line(to).findIndex(({ id }) => id === edits?.id && !inHand.has(id));
      const amended = line(to).map((message, nth) => (nth === at ? { ...message, text } : message));
      lines.set(to, amended);
      return at >= 0;
    },
    keys: async () => [...lines.keys()],
    line: async (of: string) => line(of),
    count: async (of: string) => line(of).length,
    answered: async () => rig.answered,
    stop: async (of: string, id: string) => line(of)[0]?.id === id,
  };

  const deliver = createGateway({
    mailbox,
    interrupts: { send: async (interrupt) => void interrupts.push(interrupt), listen: () => {} },
    conversations: createFakeConversations(),
    suggestions: { keep: async () => {}, find: async () => [] },
    groupContext: 'personal',
    turnIdOf: (id) => id,
    answerWithinMs: 15 * minute,
    clock,
    log: logbook,
  });

  return Object.assign(rig, { deliver });
}
