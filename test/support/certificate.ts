import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';

/** For NODE_EXTRA_CA_CERTS: who is to trust `certificate`. */
export const certificatePath = join(import.meta.dirname, '../fixtures/tls/certificate.pem');

/** Of 127.0.0.1, and coze, telegram and discord below `.test`. Its key is here for all to see. */
export const certificate = {
  cert: readFileSync(certificatePath),
  key: readFileSync(join(import.meta.dirname, '../fixtures/tls/key.pem')),
};

/** Puts TLS before a server on this machine, for those who call it by the name, if it has one, and speak HTTP/1.1. */
export async function startTlsFront(
  port: number,
  name?: string,
): Promise<{ readonly port: number; close(): void }> {
  const server = createServer({ ...certificate, ALPNProtocols: ['http/1.1'] }, (client) => {
    const isMeant = (client.servername || undefined) === name && client.alpnProtocol === 'http/1.1';
    if (!isMeant) return client.destroy();
    const behind = connect(port, '127.0.0.1');
    client.pipe(behind).pipe(client);
    for (const [one, other] of [
      [client, behind],
      [behind, client],
    ] as const) {
      one.on('error', () => undefined);
      one.on('close', () => other.destroy());
    }
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}
