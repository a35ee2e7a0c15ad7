import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { receiveFromTelegram } from '../../../adapters/telegram/receive.ts';
import { createTelegramSender } from '../../../adapters/telegram/send.ts';
import { Unreachable } from '../../../src/core/errors.ts';
import { createLeases } from '../../../src/embedded/leases.ts';
import { createLogbook } from '../../support/logbook.ts';
import { createNotes } from '../../support/notes.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Something on the way that answers every call in its own manner. */
async function serve(bodies: Readonly<Record<string, string>>, otherwise: string) {
  const server = createServer(({ url = '' }, response) => {
    response.end(bodies[url.split('/').at(-1) ?? ''] ?? otherwise);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  return { TELEGRAM_BOT_TOKEN: '123456:AAE', TELEGRAM_API_ROOT: `http://127.0.0.1:${port}` };
}

const target = { platform: 'telegram', bot: '1', channel: '510000001' };

test.each(['', 'null', '{}', '[]', '{"error":"x"}', '<html>Log in</html>'])(
  'to send through %j may have worked',
  async (body) => {
    const sender = createTelegramSender(await serve({}, body), { log: createLogbook() });
    const error = await sender.post(target, { text: 'x' }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Unreachable);
    expect(error).toHaveProperty('landed', 'unknown');
  },
);

test.each(['null', '{}', '[{}]', '[{"update_id":"1"}]', '7'])(
  'updates that are %s are waited out',
  async (result) => {
    const me = '{"ok":true,"result":{"id":7,"is_bot":true,"first_name":"b","username":"b_bot"}}';
    const settings = await serve(
      { getMe: me, getUpdates: `{"ok":true,"result":${result}}` },
      '{"ok":true,"result":true}',
    );
    const log = createLogbook();
    const stopping = new AbortController();
    const clock = {
      now: () => 0,
      async sleep() {
        stopping.abort();
      },
    };
    await receiveFromTelegram(settings, { clock, log, leases: createLeases(), notes: createNotes() })(
      async () => {},
      stopping.signal,
      () => {},
    );
    expect(log.events()).toEqual(['warn: Telegram cannot be reached; trying again']);
  },
);
