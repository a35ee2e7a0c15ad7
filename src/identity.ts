import { createHmac } from 'node:crypto';

/** Names for people, conversations and messages that cannot be traced back without the salt. */
export function createNames(salt: string) {
  const hash = (...parts: string[]) =>
    createHmac('sha256', salt).update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
  return {
    /** Coze's `user_id`: the same for the same person on the same platform. */
    userIdOf: (platform: string, personId: string) => `u_${hash('user', platform, personId)}`,
    turnIdOf: (messageId: string) => `t_${hash('turn', messageId)}`,
    hashOf: (key: string) => hash('key', key),
  };
}
