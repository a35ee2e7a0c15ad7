import type { InboundMessage } from '../../src/core/message.ts';
import type { Log } from '../../src/core/ports/world.ts';
import { type AcknowledgeOptions, acknowledgePress, aside } from './acknowledge.ts';
import { apology } from './apology.ts';
import { failureOf } from './failure.ts';
import type { Lines } from './lines.ts';
import type { Missed } from './missed.ts';
import type { DiscordPress } from './payload.ts';
import { webhookPath } from './ticket.ts';

/** Whoever pressed may wait so long for words; then there is just enough time left to say that it was noticed. */
const patienceMs = 1_500;

interface PressOptions extends AcknowledgeOptions {
  readonly lines: Lines;
  readonly missed: Pick<Missed, 'isOwed'>;
  readonly log: Log;
}

/** Delivers a press, and tells whoever pressed what there is to say: at once, or a little later beside it. */
export async function takePress(
  press: DiscordPress,
  inbound: InboundMessage,
  options: PressOptions,
): Promise<void> {
  const { lines, missed, log, clock } = options;
  const heardAt = clock.now();
  // A question has its place among the others, if that is soon; to stop cannot wait for what is said later.
  const hasPlace = inbound.pressed?.startsWith('ask/') && !missed.isOwed(inbound.target.channel);
  const delivered = hasPlace ? lines.tryOnce(inbound) : lines.tryNow(inbound);
  const saying = delivered.then(
    (words) => words || undefined,
    (error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      log.error({ reason }, 'a pressed button could not be stored; whoever pressed it is told');
      return apology(press.locale);
    },
  );
  const inTime = await within(saying, options);
  await acknowledgePress(press, inTime?.words, { ...options, heardAt }).catch((error: unknown) =>
    log.warn({ reason: failureOf(error).reason }, 'a pressed button could not be acknowledged'),
  );
  const words = inTime ? undefined : await saying;
  if (words) await tellLater(press, words, options);
}

/** What is there to be said, unless it takes too long; the end of the bridge waits for nothing. */
async function within(
  saying: Promise<string | undefined>,
  { clock, signal }: PressOptions,
): Promise<{ words: string | undefined } | undefined> {
  const over = new AbortController();
  const tooLate = clock.sleep(patienceMs, AbortSignal.any([signal, over.signal])).catch(() => undefined);
  const said = saying.then((words) => ({ words }));
  try {
    return (await Promise.race([said, tooLate])) ?? undefined;
  } finally {
    over.abort();
  }
}

async function tellLater(press: DiscordPress, words: string, { call, log }: PressOptions): Promise<void> {
  const webhook = { application: press.application_id, token: press.token };
  await call('POST', webhookPath(webhook), aside(words)).catch((error: unknown) =>
    log.warn({ reason: failureOf(error).reason }, 'whoever pressed a button could not be told'),
  );
}
