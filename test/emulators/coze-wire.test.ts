import { readFile } from 'node:fs/promises';
import http from 'node:http';
import { describe, expect, test, vi } from 'vitest';
import type { Step } from '../../emulators/coze/script.ts';
import type { WireOptions } from '../../emulators/coze/wire.ts';
import expected from '../fixtures/coze/expected.json' with { type: 'json' };
import { answersOf, call, deltasOf, namesOf, play, request } from './coze-client.ts';

describe('the wire', () => {
  test.each<WireOptions>([
    { crlf: true },
    { spaceAfterColon: true },
    { pieceBytes: 1 },
    { pings: true },
    { shuffleKeys: true },
    { crlf: true, spaceAfterColon: true, pieceBytes: 3, pings: true, shuffleKeys: true },
  ])('may be %j, and the SDK reads the same', async (wire) => {
    const { seen } = await play({ steps: [{ say: ['你好，', '👩‍💻 ok'] }] }, wire);
    expect(seen.error).toBeUndefined();
    expect(deltasOf(seen)).toBe('你好，👩‍💻 ok');
    expect(namesOf(seen).at(-1)).toBe('done');
  });

  test('can be split into packets of so many bytes', async () => {
    const { url } = await play({ steps: [{ say: ['你好'] }] }, { pieceBytes: 2 });
    const sizes = await new Promise<number[]>((resolve) => {
      const seen: number[] = [];
      const asked = http.request(`${url}/v3/chat`, {
        method: 'POST',
        headers: { authorization: 'Bearer x' },
      });
      asked.on('response', (response) => {
        response.on('data', (packet: Buffer) => seen.push(packet.length)).on('end', () => resolve(seen));
      });
      asked.end(JSON.stringify({ ...request('hi'), stream: true }));
    });
    expect(Math.max(...sizes)).toBe(2);
  });

  test('is written as it says', async () => {
    const wire = { crlf: true, spaceAfterColon: true, pings: true, shuffleKeys: true };
    const { url } = await play({ steps: [] }, wire);
    const { text } = await call(url, '/v3/chat', { ...request('hi'), stream: true });
    expect(text).toMatch(/^: ping\r\n\r\nevent: conversation\.chat\.created\r\ndata: \{/);
    const orders = [...text.matchAll(/conversation\.chat\.\w+\r\ndata: (.*)\r\n/g)].map(([, data]) =>
      Object.keys(JSON.parse(data ?? '')).join(),
    );
    expect(new Set(orders).size).toBe(orders.length);
  });
});

describe('a recording', () => {
  test.each(Object.entries(expected))('%s replays whole and byte by byte', async (name, { answers, end }) => {
    const recording = await readFile(new URL(`../fixtures/coze/${name}`, import.meta.url));
    for (const pieceBytes of [1_000_000, 1]) {
      const { seen } = await play({ steps: [{ raw: recording, pieceBytes }], bare: true });
      expect(seen.error).toBeUndefined();
      expect(answersOf(seen)).toEqual(answers);
      if (answers.length > 0) expect([...deltasOf(seen)].sort()).toEqual([...answers.join('')].sort());
      expect(namesOf(seen)).toContain(`chat.${end}`);
    }
  });

  test('can be cut while Coze keeps the answer', async () => {
    const steps: Step[] = [
      { raw: 'event:conversation.message.delta\ndata:{"content":"ha"}\n\n' },
      { cut: 'end' },
      { say: 'half' },
    ];
    const { seen, emulator } = await play({ steps, bare: true });
    expect(deltasOf(seen)).toBe('ha');
    await vi.waitFor(() =>
      expect(emulator.chats()[0]).toMatchObject({ status: 'completed', answers: ['half'] }),
    );
  });
});
