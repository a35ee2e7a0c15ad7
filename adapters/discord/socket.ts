/** A WebSocket of ws, as far as a shard of discord.js has to do with it. */
export interface Socket {
  readonly readyState: number;
  onmessage: unknown;
  onclose: unknown;
  onerror: unknown;
  on(event: 'error', listener: (error: Error) => void): void;
  terminate(): void;
}

const open = 1;

/**
 * Somebody listens to the errors of all sockets that a shard makes from now on, for good: the shard takes its own
 * listener away when it leaves a socket, which may still be connecting then, and an error that nobody hears ends the
 * process.
 */
export function keepHeard(shard: { readonly connection: Socket | null }): void {
  let current = shard.connection;
  Object.defineProperty(shard, 'connection', {
    enumerable: true,
    get: () => current,
    set(socket: Socket | null) {
      current = socket;
      // The shard hears of it too, as long as it wants to.
      socket?.on('error', () => undefined);
    },
  });
}

/** Cuts a line that is not there yet, of which the shard would hear no more, and nobody else either. False when it is open. */
export function cutUnlessOpen(socket: Socket): boolean {
  if (socket.readyState === open) return false;
  socket.onmessage = null;
  socket.onclose = null;
  socket.onerror = null;
  socket.terminate();
  return true;
}
