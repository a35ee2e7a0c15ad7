import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startDiscord } from './discord-client.ts';
import { identity, openLine } from './discord-line.ts';

describe('a gateway that misbehaves', () => {
  test('a connection may be greeted with nothing in it, or not at all', async () => {
    const { emulator } = await startDiscord();
    emulator.gateway.hello('empty');
    const first = await openLine(emulator.url, [{ op: 1, d: null }]);
    expect(await first.next()).toMatchObject({ op: 11 });
    emulator.gateway.hello('none');
    const second = await openLine(emulator.url, [{ op: 2, d: identity(emulator.token) }]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(emulator.gateway.connections[1]?.received).toEqual([]);
    emulator.gateway.hello('whole');
    const third = await openLine(emulator.url, [{ op: 2, d: identity(emulator.token) }]);
    await third.next('READY');
    second.socket.terminate();
  });

  test('it may let nobody in, at one address or at both', async () => {
    const { emulator } = await startDiscord();
    const at = (path: string) => knock(emulator.url, path);
    emulator.gateway.refuse(503, '/resume');
    expect([await at('/'), await at('/resume')]).toEqual(['open', 'Unexpected server response: 503']);
    emulator.gateway.refuse('reset');
    expect([await at('/'), await at('/resume')]).toEqual(['socket hang up', 'socket hang up']);
    emulator.gateway.refuse(undefined);
    expect([await at('/'), await at('/resume')]).toEqual(['open', 'open']);
  });

  test('another process can close it and shut it', async () => {
    const { emulator } = await startDiscord();
    const disturb = (body: object) =>
      fetch(`${emulator.url}/_emulator/gateway`, { method: 'POST', body: JSON.stringify(body) });
    const first = await openLine(emulator.url, [{ op: 2, d: identity(emulator.token) }]);
    await disturb({ do: 'close', code: 4008 });
    expect(await first.closed).toBe(4008);
    await disturb({ do: 'refuse', code: 503 });
    expect(await knock(emulator.url, '/')).toBe('Unexpected server response: 503');
    await disturb({ do: 'admit' });
    expect(await knock(emulator.url, '/')).toBe('open');
  });

  test('anything at all can be sent to who is connected', async () => {
    const { emulator } = await startDiscord();
    const line = await openLine(emulator.url, [{ op: 2, d: identity(emulator.token) }]);
    await line.next('READY');
    emulator.gateway.push('{"op":99,"d":[1]}');
    expect(await line.next()).toEqual({ op: 99, d: [1] });
  });
});

/** What comes of a wish to connect. */
function knock(url: string, path: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}${path}?v=10&encoding=json`);
    socket.on('error', ({ message }) => resolve(message));
    socket.on('open', () => {
      socket.terminate();
      resolve('open');
    });
  });
}
