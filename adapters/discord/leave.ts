import type { Client } from 'discord.js';

/** What discord.js has besides its types; its WebSockets ask here for the session before they connect. */
interface Inner {
  readonly _ws: { readonly options: { retrieveSessionInfo: () => Promise<never> } } | null;
}

/**
 * Ends a client. One that is destroyed while it waits for HELLO or READY, or between two attempts, would connect once
 * more by itself: here it waits for its session for ever.
 */
export async function leave(client: Client): Promise<void> {
  const { _ws: inner } = client.ws as unknown as Inner;
  if (inner) inner.options.retrieveSessionInfo = () => new Promise(() => undefined);
  await client.destroy();
}
