import { controlKey, conversationKey, type GroupContext } from './core/addressing.ts';
import { readWish, type Wish } from './core/buttons.ts';
import { parseCommand } from './core/commands.ts';
import { isDefect } from './core/defects.ts';
import { isInTime, rephrased } from './core/editing.ts';
import { opened } from './core/joining.ts';
import type { InboundMessage } from './core/message.ts';
import { type Notice, notice } from './core/notices.ts';
import type { Deliver } from './core/ports/platform.ts';
import type { ConversationStore, Interrupts, Mailbox, Suggestions } from './core/ports/store.ts';
import type { Clock, Log } from './core/ports/world.ts';
import { createStop } from './core/stopping.ts';

interface GatewayOptions {
  readonly mailbox: Pick<Mailbox, 'put' | 'join' | 'amend' | 'keys' | 'line' | 'count' | 'answered' | 'stop'>;
  readonly conversations: ConversationStore;
  readonly interrupts: Interrupts;
  readonly suggestions: Suggestions;
  readonly groupContext: GroupContext;
  /** The name that a turn has on its buttons. */
  readonly turnIdOf: (messageId: string) => string;
  /** What comes here later than that after it was written is left alone. */
  readonly answerWithinMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** So many messages of one person may wait in one line before they are told to wait. */
const mostWaiting = 10;

/** Nobody is told so twice within that time. */
const toldForMs = 10 * 60 * 1_000;

/**
 * Takes what the platforms hear: leaves alone what is not for us, and puts the rest into the mailbox, commands into a
 * line of their own so that they never wait behind an answer. All of it may be repeated without effect.
 */
export function createGateway(options: GatewayOptions): Deliver {
  const { mailbox, conversations, interrupts, suggestions, groupContext, clock, log } = options;
  const stop = createStop(options);

  async function take(message: InboundMessage): Promise<void> {
    const key = conversationKey(message, groupContext);
    const command = parseCommand(message.text);
    if (command === 'reset') {
      // Before anything that was written after it is put: that belongs to the new conversation.
      const { generation } = await conversations.reset(key, message.id);
      await interrupts.send({ key, generation });
    }
    const remark = command === 'stop' ? await stop(message, { kind: 'stop' }) : undefined;
    if (command) await mailbox.put(controlKey(key), { ...message, ...(remark && { remark }) });
    else await ask(key, message);
  }

  async function ask(key: string, message: InboundMessage): Promise<void> {
    await mailbox.put(key, opened(message, clock.now()));
    if (!message.isByProgram && (await mailbox.count(key)) > mostWaiting + 1) await calm(key, message);
  }

  /** The first of the line does not wait, it is answered. */
  async function calm(key: string, message: InboundMessage): Promise<void> {
    const [, ...waiting] = await mailbox.line(key);
    const { author } = message;
    if (waiting.filter((other) => other.author.id === author.id).length <= mostWaiting) return;
    const id = JSON.stringify(['many-waiting', key, author.id, Math.floor(clock.now() / toldForMs)]);
    await mailbox.put(controlKey(key), { ...message, id, text: '', attachments: [], remark: 'many-waiting' });
  }

  /** The question that was asked last may be asked in other words; the answer is then another one, in the same place. */
  async function edit(message: InboundMessage): Promise<void> {
    const key = conversationKey(message, groupContext);
    if (!isInTime(message) || parseCommand(message.text) || (await mailbox.amend(key, message))) return;
    const [first, ...others] = await mailbox.line(key);
    const last = first ?? (await mailbox.answered(key))?.message;
    const question = last && rephrased(message, last);
    if (!question || others.length > 0) return;
    if (first && (await mailbox.stop(key, first.id))) await interrupts.send({ key, stop: first.id });
    await mailbox.put(key, question);
  }

  /** Asks a suggested question in the name of whoever pressed its button. */
  async function suggested(
    message: InboundMessage,
    { turn, nth }: Wish & { kind: 'ask' },
  ): Promise<Notice | undefined> {
    const text = (await suggestions.find(turn))[nth];
    if (text === undefined) return 'question-gone';
    await ask(conversationKey(message, groupContext), { ...message, text });
    return undefined;
  }

  async function press(message: InboundMessage, pressed: string): Promise<string | undefined> {
    const wish = readWish(pressed);
    if (!wish) return undefined;
    const answer = wish.kind === 'stop' ? await stop(message, wish) : await suggested(message, wish);
    return answer && notice(answer, message.author.locale);
  }

  async function hear(message: InboundMessage): Promise<string | undefined> {
    if (message.addressed === 'overheard') {
      // The caption of an album speaks for all of it.
      if (message.album !== undefined) await mailbox.join(conversationKey(message, groupContext), message);
      return undefined;
    }
    if (message.isMissed && isTooLate(message, options)) return undefined;
    if (message.pressed !== undefined) return press(message, message.pressed);
    await (message.edits ? edit(message) : take(message));
    return undefined;
  }

  return async (message) => {
    try {
      return await hear(message);
    } catch (error) {
      if (!isDefect(error)) throw error;
      // Given again, it would fail again, and everything that comes after it would wait.
      log.error(
        { platform: message.target.platform, err: error },
        'a message is left out: this is a defect of the bridge',
      );
      return undefined;
    }
  };
}

/** Nobody waits for the answer any more. (What is heard as it is written is new, whatever the clocks say.) */
function isTooLate(
  { target, sentAt }: InboundMessage,
  { clock, log, answerWithinMs }: GatewayOptions,
): boolean {
  const lateMs = clock.now() - sentAt;
  if (lateMs <= answerWithinMs) return false;
  log.warn(
    { platform: target.platform, lateMs },
    'a message came too late, and is left alone (ANSWER_WITHIN_MINUTES); if it was new, the clock of this machine is wrong',
  );
  return true;
}
