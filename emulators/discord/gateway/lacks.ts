/** What servers leave out that only resemble Discord: of READY, after it, and of what GET /gateway/bot says. */
export type Lack = 'user' | 'application' | 'GUILD_CREATE' | 'shards' | 'session_start_limit';

/** What is left of a payload. */
export const without = (lacks: readonly Lack[], payload: object): object =>
  Object.fromEntries(Object.entries(payload).filter(([name]) => !lacks.some((lack) => lack === name)));
