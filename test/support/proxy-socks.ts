import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Asked, LetIn } from './proxy.ts';

const noPassword = 0;
const byPassword = 2;
const none = 0xff;

/** Reads a greeting, a password if one is wanted, and a request (RFC 1928 and 1929), which must be for a name. */
export async function readSocks(client: Socket, letIn: LetIn | undefined): Promise<Asked | undefined> {
  const [version, count = 0] = await read(client, 2);
  if (version !== 5) throw new Error('only SOCKS5 is understood');
  const methods = await read(client, count);
  const method = letIn ? byPassword : noPassword;
  if (!methods.includes(method)) return void client.end(Buffer.from([5, none]));
  client.write(Buffer.from([5, method]));
  if (letIn) {
    const { user, password } = await readUser(client);
    if (!letIn(user, password)) return void client.end(Buffer.from([1, 1]));
    client.write(Buffer.from([1, 0]));
  }
  const [, , , kind] = await read(client, 4);
  if (kind !== 3) throw new Error('only names are understood');
  const [length = 0] = await read(client, 1);
  const host = (await read(client, length)).toString();
  const port = (await read(client, 2)).readUInt16BE();
  const answer = (reply: number) => client.write(Buffer.from([5, reply, 0, 1, 0, 0, 0, 0, 0, 0]));
  return {
    target: `${host}:${port}`,
    grant: () => void answer(0),
    deny() {
      answer(4);
      client.end();
    },
  };
}

async function readUser(client: Socket): Promise<{ user: string; password: string }> {
  const [, userLength = 0] = await read(client, 2);
  const user = (await read(client, userLength)).toString();
  const [passwordLength = 0] = await read(client, 1);
  return { user, password: (await read(client, passwordLength)).toString() };
}

async function read(client: Socket, count: number): Promise<Buffer> {
  if (count === 0) return Buffer.alloc(0);
  for (;;) {
    const piece: Buffer | null = client.read(count);
    if (piece) return piece;
    await once(client, 'readable');
  }
}
