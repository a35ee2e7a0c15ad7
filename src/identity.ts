import { createHmac } from 'node:crypto';
import { conversationOf, isPersonal } from './core/addressing.ts';
import type { Delivery } from './core/ports/store.ts';

/** Names for people, conversations and messages that cannot be traced back without the salt. */
export function createNames(salt: string) {
  const hash = (...parts: string[]) =>
    createHmac('sha256', salt).update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
  const userIdOf = (platform: string, personId: string) => `u_${hash('user', platform, personId)}`;
  return {
    /** Coze's `user_id`: the same for the same person on the same platform. */
    userIdOf,
    /**
     * Coze's `session_name`, outside of which nobody knows a conversation: the person's whose it is, or one of its own
     * where several share it. Its questions and its commands have the same.
     */
    sessionOf({ key, message }: Pick<Delivery, 'key' | 'message'>): string {
      const conversation = conversationOf(key);
      const { author, target } = message;
      return isPersonal(conversation, message)
        ? userIdOf(target.platform, author.id)
        : `s_${hash('session', conversation)}`;
    },
    turnIdOf: (messageId: string) => `t_${hash('turn', messageId)}`,
    hashOf: (key: string) => hash('key', key),
  };
}
