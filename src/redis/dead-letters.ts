import type { DeadLetters } from '../core/ports/store.ts';
import { type ConnectOptions, connect } from './connection.ts';
import { openDoorbell } from './doorbell.ts';
import { createEntrance } from './entrance.ts';
import { mailNames } from './mail-names.ts';
import { defaultPrefix } from './prefix.ts';

export interface RedisDeadLettersOptions extends ConnectOptions {
  readonly prefix?: string;
}

/** The dead letters alone, for the command line. Rejects with a message for the owner. */
export async function openRedisDeadLetters(options: RedisDeadLettersOptions): Promise<DeadLetters> {
  const { prefix = defaultPrefix } = options;
  const connections = await connect(options);
  const { client } = connections;
  const doorbell = await openDoorbell(client, prefix).catch((error) => {
    connections.close();
    throw error;
  });
  const { deadLetters, replay, purge } = createEntrance({
    client,
    names: mailNames(prefix),
    doorbell,
    log: options.log,
    now: Date.now,
  });
  return {
    deadLetters,
    replay,
    purge,
    async close() {
      await doorbell.close();
      connections.close();
    },
  };
}
