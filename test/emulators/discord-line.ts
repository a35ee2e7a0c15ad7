import { GatewayIntentBits } from 'discord.js';
import { WebSocket } from 'ws';

/** What an IDENTIFY says, for frames that a test sends itself. */
export const identity = (token: string) => ({
  token,
  intents: GatewayIntentBits.Guilds | GatewayIntentBits.GuildMessages | GatewayIntentBits.DirectMessages,
  properties: { os: 'linux', browser: 'test', device: 'test' },
});

interface Frame {
  readonly op: number;
  readonly t: string | null;
  readonly s: number | null;
  readonly d: unknown;
}

/** A bare WebSocket that sends these frames after HELLO, and reads frames one by one. */
export async function openLine(
  url: string,
  frames: readonly (object | string)[],
  query = '?v=10&encoding=json',
) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/${query}`);
  const received: Frame[] = [];
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  let wake = () => {};
  socket.on('message', (bytes) => {
    const frame = JSON.parse(String(bytes)) as Frame;
    if (frame.op === 10) {
      for (const sent of frames) socket.send(typeof sent === 'string' ? sent : JSON.stringify(sent));
    } else received.push(frame);
    wake();
  });
  async function next(name?: string, like: object = {}): Promise<Frame> {
    for (;;) {
      const frame = received.shift();
      const fits = JSON.stringify(like).slice(1, -1);
      if (frame !== undefined && (name ?? frame.t) === frame.t && JSON.stringify(frame.d).includes(fits))
        return frame;
      if (frame === undefined) await new Promise<void>((resolve) => (wake = resolve));
    }
  }
  return { socket, next, closed };
}

export async function closeCodeOf(...asked: Parameters<typeof openLine>): Promise<number> {
  return (await openLine(...asked)).closed;
}
