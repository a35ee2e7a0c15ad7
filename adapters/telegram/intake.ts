import type { InboundMessage } from '../../src/core/message.ts';
import type { Deliver } from '../../src/core/ports/platform.ts';
import type { Tools } from '../platform.ts';
import { createAdmins } from './admins.ts';
import { createApi, type TelegramSettings } from './api.ts';
import { toInbound } from './inbound.ts';
import { toPressed } from './press.ts';
import { createAnswerQuery } from './queries.ts';
import { type Me, queryIdOf, updateShape } from './update.ts';

const memberSeconds = 3;
const answerSeconds = 10;

/** Carries out what brings a message into the store; rejects when it is not there. */
type Store = (act: () => Promise<unknown>) => Promise<void>;

/** Takes an update: what a person did is in the store when it resolves. Tells of one that cannot be read. */
export type Take = (update: unknown, store: Store) => Promise<void>;

interface IntakeOptions extends Pick<Tools, 'clock' | 'log'> {
  readonly settings: TelegramSettings;
  readonly me: Me;
  readonly deliver: Deliver;
}

export function createIntake({ settings, me, deliver, clock, log }: IntakeOptions): Take {
  const withAdmin = createAdmins({ api: createApi(settings, memberSeconds), clock });
  const answerQuery = createAnswerQuery(createApi(settings, answerSeconds), log);

  function read(update: unknown): InboundMessage | undefined {
    try {
      const given = updateShape.parse(update);
      return toInbound(given, me) ?? toPressed(given, me, clock.now());
    } catch {
      log.error({}, 'an update could not be read, and is left out');
      return undefined;
    }
  }

  return async (update, store) => {
    const message = read(update);
    const query = queryIdOf(update);
    let said: string | undefined;
    if (message) {
      const heard = await withAdmin(message);
      await store(async () => {
        said = (await deliver(heard)) || undefined;
      });
    }
    if (query !== undefined) answerQuery(query, said);
  };
}
