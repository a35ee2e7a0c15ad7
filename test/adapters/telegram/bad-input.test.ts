import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { receiveFromTelegram } from '../../../adapters/telegram/receive.ts';
import { systemClock } from '../../../src/clock.ts';
import type { InboundMessage } from '../../../src/core/message.ts';
import { createLeases } from '../../../src/embedded/leases.ts';
import { freePort } from '../../support/free-port.ts';
import { createLogbook } from '../../support/logbook.ts';
import { createNotes } from '../../support/notes.ts';
import { me, updateOf } from './fixtures.ts';
import { type OddUpdate, oddUpdates } from './odd-updates.ts';

const count = 10_000;
const firstNumber = 870_000_001;
const last: OddUpdate = {
  json: JSON.stringify({
    ...updateOf({ message_id: count + 1, text: 'last' }),
    update_id: firstNumber + count,
  }),
  text: 'last',
};
const updates = [...oddUpdates(5, count, firstNumber), last];
const wellFormed = updates.flatMap(({ text }) => text ?? []);

const strays: unknown[] = [];
const stray = (error: unknown) => void strays.push(error);
beforeEach(() => {
  process.on('uncaughtException', stray).on('unhandledRejection', stray);
});
afterEach(() => {
  process.off('uncaughtException', stray).off('unhandledRejection', stray);
  expect(strays.splice(0)).toEqual([]);
});

/** A Bot API that brings these updates, `limit` at a time, until they are confirmed, whatever they look like. */
async function serve(pending: readonly OddUpdate[], limit = 100) {
  let offset = firstNumber;
  let polls = 0;
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
    const method = request.url?.split('/').at(-1);
    const answer = (json: string) => response.end(`{"ok":true,"result":${json}}`);
    if (method === 'getMe') return answer(JSON.stringify(me));
    if (method !== 'getUpdates') return answer('true');
    polls += 1;
    const asked = JSON.parse(Buffer.concat(pieces).toString()) as { offset: number; timeout: number };
    offset = Math.max(offset, asked.offset);
    const batch = pending.slice(offset - firstNumber).slice(0, limit);
    if (batch.length === 0 && asked.timeout > 0) await systemClock.sleep(20);
    return answer(`[${batch.map(({ json }) => json).join(',')}]`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, offset: () => offset, polls: () => polls };
}

/** The adapter, until the last message was heard. */
async function hear(url: string, webhook: object = {}) {
  const stopping = new AbortController();
  const heard: InboundMessage[] = [];
  const settings = { TELEGRAM_BOT_TOKEN: `${me.id}:x`, TELEGRAM_API_ROOT: url, ...webhook };
  const tools = { clock: systemClock, log: createLogbook(), leases: createLeases(), notes: createNotes() };
  const told: string[] = [];
  let isReady = () => {};
  const ready = new Promise<void>((resolve) => (isReady = resolve));
  let isOver = () => {};
  const over = new Promise<void>((resolve) => (isOver = resolve));
  const receive = receiveFromTelegram(settings, tools);
  const ended = receive(
    async (message) => {
      heard.push(message);
      if (message.text === 'last') isOver();
    },
    stopping.signal,
    isReady,
    (reason) => void told.push(reason),
  );
  const stop = () => {
    stopping.abort();
    return ended;
  };
  await Promise.race([ready, ended]);
  return { heard, over: Promise.race([over, ended]), stop, told };
}

/** Posts all of them through one connection, and gives what each was answered with. */
async function post(port: number, some: readonly OddUpdate[]): Promise<string[]> {
  const socket = connect(port, '127.0.0.1');
  let answers = '';
  socket.setEncoding('latin1').on('data', (piece: string) => {
    answers += piece;
  });
  for (const { json } of some) {
    const head = `POST /telegram HTTP/1.1\r\nhost: x\r\ncontent-length: ${Buffer.byteLength(json)}\r\n`;
    const isFull = !socket.write(`${head}x-telegram-bot-api-secret-token: known-1\r\n\r\n${json}`);
    if (isFull) await once(socket, 'drain');
  }
  const statuses = () => [...answers.matchAll(/HTTP\/1.1 (\d+)/g)].map(([, status = '']) => status);
  while (statuses().length < some.length && !socket.closed) await systemClock.sleep(20);
  socket.destroy();
  return statuses();
}

/** That nothing has come through that is not as the port wants it. */
function inspect(heard: readonly InboundMessage[]): void {
  for (const message of heard) {
    const { id, author, text, sentAt, target } = message;
    expect(JSON.parse(JSON.stringify(message))).toEqual(message);
    expect(id).toMatch(/^telegram:7100000001:[ -~]{1,200}$/);
    expect([typeof text, typeof author.name]).toEqual(['string', 'string']);
    expect(`${text}${author.name}`).not.toMatch(/\p{Surrogate}/u);
    expect(new Date(sentAt).getTime()).toBe(sentAt);
    expect(`${author.id} ${target.channel} ${target.after ?? 1}`).toMatch(/^-?\d+ -?\d+ \d+$/);
  }
}

const textsOf = (heard: readonly InboundMessage[]) =>
  heard.map(({ text }) => text).filter((text) => wellFormed.includes(text));

describe('ten thousand odd updates', () => {
  test('do not stop the poll: each is confirmed, and what is well-formed among them is heard once, in order', async () => {
    const server = await serve(updates);
    const { heard, over, stop, told } = await hear(server.url);
    await over;
    while (server.offset() < firstNumber + updates.length) await systemClock.sleep(10);
    await stop();
    expect(textsOf(heard)).toEqual(wellFormed);
    expect(server.polls()).toBeLessThan(updates.length / 20);
    expect(told).toEqual([]);
    inspect(heard);
  });

  test('do not stop the webhook: each is answered, and what is well-formed among them is heard', async () => {
    const server = await serve([]);
    const port = await freePort();
    const webhook = {
      TELEGRAM_WEBHOOK_URL: `http://127.0.0.1:${port}/telegram`,
      TELEGRAM_WEBHOOK_PORT: port,
      TELEGRAM_WEBHOOK_SECRET: 'known-1',
    };
    const { heard, over, stop } = await hear(server.url, webhook);
    const [one, other] = [updates.slice(0, count / 2), updates.slice(count / 2)];
    const statuses = (await Promise.all([one, other].map((some) => post(port, some)))).flat();
    await over;
    await stop();
    expect(statuses).toEqual(Array(updates.length).fill('200'));
    expect(textsOf(heard).sort()).toEqual([...wellFormed].sort());
    inspect(heard);
  });
});

test.each([1, 2, 100])(
  'numbers that are wrong or missing do not keep the poll where it is (%i at a time)',
  async (limit) => {
    const number = (update_id: unknown) => ({
      json: JSON.stringify({ ...updateOf({ text: 'odd' }), update_id }),
    });
    const first = { json: JSON.stringify({ ...updateOf({ text: 'first' }), update_id: firstNumber }) };
    const odd = [
      number(null),
      number(firstNumber - 5),
      number(firstNumber),
      number(2 ** 31),
      { json: 'null' },
    ];
    const end = { json: JSON.stringify({ ...updateOf({ text: 'last' }), update_id: firstNumber + 6 }) };
    const server = await serve([first, ...odd, end], limit);
    const { heard, over, stop, told } = await hear(server.url);
    await over;
    while (server.offset() < firstNumber + 7) await systemClock.sleep(10);
    await stop();
    expect(server.offset()).toBe(firstNumber + 7);
    expect(heard.at(0)?.text).toBe('first');
    expect(told).toEqual([]);
  },
);
