import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Asked, LetIn } from './proxy.ts';

/** Reads `CONNECT host:port HTTP/1.1` and its headers. */
export async function readConnect(client: Socket, letIn: LetIn | undefined): Promise<Asked | undefined> {
  let text = '';
  while (!text.includes('\r\n\r\n')) {
    const piece: Buffer | null = client.read();
    if (piece) text += piece.toString('latin1');
    else await once(client, 'readable');
  }
  const end = text.indexOf('\r\n\r\n') + 4;
  if (end < text.length) client.unshift(Buffer.from(text.slice(end), 'latin1'));
  const target = /^CONNECT (\S+) HTTP\/1\.1\r\n/.exec(text)?.[1];
  if (target === undefined) throw new Error('only CONNECT is understood');
  // As a strict one does.
  if (/^connection: close/im.test(text)) throw new Error('it shall be closed');
  const [, token = ''] = /^proxy-authorization: Basic (\S+)/im.exec(text) ?? [];
  const [user = '', ...password] = Buffer.from(token, 'base64').toString().split(':');
  const answer = (status: string, ...headers: string[]) =>
    client.write(`${[`HTTP/1.1 ${status}`, ...headers].join('\r\n')}\r\n\r\n`);
  if (letIn && !letIn(user, password.join(':'))) {
    answer('407 Proxy Authentication Required', 'Proxy-Authenticate: Basic realm="here"');
    return void client.end();
  }
  return {
    target,
    grant: () => void answer('200 Connection established'),
    deny() {
      answer('502 Bad Gateway', 'Content-Length: 5');
      client.end('Sorry');
    },
  };
}
