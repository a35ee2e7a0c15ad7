import type { ReplyTarget } from '../../src/core/message.ts';
import { failureOf } from './api.ts';
import { isThreadMissing } from './refusals.ts';

type Call<T> = (chat: number, thread: { readonly message_thread_id?: number }) => Promise<T>;

/**
 * Calls where the target is: in its thread, or, once, where Telegram says that it has gone. Rejects with what the last
 * call rejected with.
 */
export async function callIn<T>(
  { channel, thread }: ReplyTarget,
  call: Call<T>,
): Promise<{ answer: T; chat: number }> {
  const chat = Number(channel);
  const tryIn = async (chat: number, thread?: string) => ({
    answer: await call(chat, thread === undefined ? {} : { message_thread_id: Number(thread) }),
    chat,
  });
  try {
    return await tryIn(chat, thread);
  } catch (error) {
    const failure = failureOf(error);
    const goOn = failure.movedTo ?? (isThreadMissing(failure) && isPrivate(chat) ? chat : undefined);
    if (goOn === undefined) throw error;
    return tryIn(goOn);
  }
}

/** Who writes to us in private is still there when a topic of theirs is gone; in a forum another topic is another room. */
export const isPrivate = (chat: number): boolean => chat > 0;
