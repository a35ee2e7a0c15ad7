import { type CozeSettings, createCozeBackends } from '../../coze/client.ts';

interface Reply {
  /** From the question to the first words; undefined: there were none. */
  readonly firstMs: number | undefined;
  readonly wholeMs: number;
  readonly pieces: number;
}

const longestMs = 120_000;

/** Asks the bot one short question, in a conversation of its own. Rejects with what went wrong. */
export async function askOnce(settings: CozeSettings): Promise<Reply> {
  const { clock } = settings;
  const backend = createCozeBackends(settings)();
  const conversationId = await backend.openConversation();
  const question = {
    conversationId,
    userId: 'coze-bridge-doctor',
    text: 'This is a test of the connection. Please answer with the one word OK.',
    turnId: 'doctor',
    speaker: { name: 'doctor', platform: 'doctor' },
  };
  const askedAt = clock.now();
  let firstMs: number | undefined;
  let pieces = 0;
  for await (const { type } of backend.ask(question, AbortSignal.timeout(longestMs))) {
    if (type !== 'text') continue;
    firstMs ??= clock.now() - askedAt;
    pieces += 1;
  }
  return { firstMs, wholeMs: clock.now() - askedAt, pieces };
}
