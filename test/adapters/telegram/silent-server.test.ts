import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { receiveFromTelegram } from '../../../adapters/telegram/receive.ts';
import { createTelegramSender } from '../../../adapters/telegram/send.ts';
import { startTelegramEmulator } from '../../../emulators/telegram/emulator.ts';
import { systemClock } from '../../../src/clock.ts';
import { Unreachable } from '../../../src/core/errors.ts';
import { createLeases } from '../../../src/embedded/leases.ts';
import { createLogbook } from '../../support/logbook.ts';
import { createNotes } from '../../support/notes.ts';
import { checkAndStop, startListening } from './listening.ts';

afterEach(checkAndStop);

const me = { id: 7, is_bot: true, first_name: 'b', username: 'b_bot' };
const hello = {
  update_id: 5,
  message: { message_id: 7, date: 0, chat: { id: 5, type: 'private' }, from: { id: 5 }, text: 'hello' },
};

/** A server whose first poll is answered by `never`, and the second with a message. */
async function serve(never: (response: ServerResponse) => void) {
  let polls = 0;
  const server = createServer((request, response) => {
    request.resume();
    const answer = (result: unknown) => response.end(JSON.stringify({ ok: true, result }));
    if (request.url?.endsWith('getMe')) answer(me);
    else if (!request.url?.endsWith('getUpdates')) answer(true);
    else if (++polls === 1) never(response);
    else if (polls === 2) answer([hello]);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Bytes, now and then, without an end. */
function trickle(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('{"ok":true,"result":[');
  const timer = setInterval(() => response.write(' '), 10);
  response.on('close', () => clearInterval(timer));
}

test.each([
  ['says nothing', () => undefined],
  ['sends its head and nothing else', (response: ServerResponse) => response.writeHead(200).flushHeaders()],
  ['trickles for ever', trickle],
])('a poll whose server %s is given up after its time, and repeated', async (_, never) => {
  const settings = { TELEGRAM_BOT_TOKEN: '7:x', TELEGRAM_API_ROOT: await serve(never) };
  const clock = { ...systemClock, sleep: (ms: number) => systemClock.sleep(ms / 100) };
  const log = createLogbook();
  const told: string[] = [];
  const tools = { clock, log, leases: createLeases(), notes: createNotes() };
  const stopping = new AbortController();
  const heard = new Promise<string>((resolve) => {
    const receive = receiveFromTelegram(settings, tools, { pollSeconds: 0, graceSeconds: 0.2 });
    const ended = receive(
      async ({ text }) => resolve(text),
      stopping.signal,
      () => void told.push('ready'),
      (reason) => void told.push(reason),
    );
    onTestFinished(() => ended);
  });
  onTestFinished(() => stopping.abort());
  expect(await heard).toBe('hello');
  expect(told).toEqual(['ready', 'Telegram cannot be reached', 'ready']);
  expect(log.events()).toEqual([
    'warn: Telegram cannot be reached; trying again',
    'info: Telegram is reached again',
  ]);
});

test('a send whose answer trickles for ever may have landed', async () => {
  const server = createServer((_, response) => trickle(response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const settings = { TELEGRAM_BOT_TOKEN: '7:x', TELEGRAM_API_ROOT: `http://127.0.0.1:${port}` };
  const sender = createTelegramSender(settings, { log: createLogbook() }, 0.2);
  const target = { platform: 'telegram', bot: '7', channel: '5' };
  const error = await sender.post(target, { text: 'x' }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Unreachable);
  expect(error).toHaveProperty('landed', 'unknown');
});

test('a loop that cannot go on ends the adapter, with its error', async () => {
  const emulator = await startTelegramEmulator({ pollSecondMs: 10 });
  const broken = { take: () => Promise.reject(new Error('the store does not give leases')) };
  const { ended } = await startListening({ emulator, leases: broken });
  await expect(ended).rejects.toThrow('the store does not give leases');
});
