import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';

const program = 'redis-server';

/** Whether the tests that need a Redis can run here. Where REQUIRE_REDIS is set they run, and fail without one. */
export const redisServer = { available: isInstalled() || process.env.REQUIRE_REDIS === '1' };

function isInstalled(): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A Redis of our own on a free port of the loopback, with its files in a folder of its own. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port and folder. */
  start(): Promise<void>;
  /** SIGSTOP and SIGCONT. */
  pause(): void;
  resume(): void;
  /** Kills it and removes its folder. */
  remove(): Promise<void>;
}

export async function startRedisServer(
  settings: Readonly<Record<string, string>> = {},
): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'redis-'));
  const port = await freePort();
  let node: ChildProcess | undefined;

  async function start(): Promise<void> {
    const all = {
      bind: '127.0.0.1',
      port: String(port),
      dir: folder,
      save: '',
      appendonly: 'yes',
      ...settings,
    };
    const server = spawn(
      'redis-server',
      Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]),
      {
        stdio: 'ignore',
      },
    );
    server.on('error', () => {}); // `awaken` tells of it.
    node = server;
    await awaken(port, settings.requirepass, server);
  }

  async function kill(): Promise<void> {
    const server = node;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const gone = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGKILL');
    await gone;
  }

  await start();
  const secret = settings.requirepass ? `:${settings.requirepass}@` : '';
  return {
    port,
    url: `redis://${secret}127.0.0.1:${port}`,
    kill,
    start,
    pause: () => void node?.kill('SIGSTOP'),
    resume: () => void node?.kill('SIGCONT'),
    async remove() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves when the server answers. */
async function awaken(port: number, password: string | undefined, server: ChildProcess): Promise<void> {
  for (;;) {
    if (server.pid === undefined || server.exitCode !== null) throw new Error('redis-server does not start');
    const probe = new Redis(port, '127.0.0.1', {
      ...(password ? { password } : {}),
      lazyConnect: true,
      retryStrategy: () => null,
    });
    probe.on('error', () => {});
    try {
      await probe.connect();
      return;
    } catch {
      await sleep(20);
    } finally {
      probe.disconnect();
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
