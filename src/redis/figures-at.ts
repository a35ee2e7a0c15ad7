import type { MailFigures } from '../core/ports/figures.ts';
import { type ConnectOptions, connect } from './connection.ts';
import { readFigures } from './figures.ts';
import { mailNames } from './mail-names.ts';
import { defaultPrefix } from './prefix.ts';

/** The figures of the mailbox on that server, for the command line. Rejects with a message for the owner. */
export async function figuresAt(options: ConnectOptions): Promise<MailFigures> {
  const connections = await connect(options);
  try {
    return await readFigures(connections.client, mailNames(defaultPrefix));
  } finally {
    connections.close();
  }
}
