import type { RawData, WebSocket } from 'ws';
import type { World } from '../world.ts';
import type { Lack } from './lacks.ts';
import type { Practice } from './manners.ts';
import { greet, readIdentity } from './opening.ts';
import type { Frame, Session } from './session.ts';
import type { Sessions } from './sessions.ts';

const op = { heartbeat: 1, identify: 2, resume: 6, reconnect: 7, invalid: 9, hello: 10, ack: 11 };
/** What a bot may send besides; it is heard and has no effect here. */
const otherOps = [3, 4, 8, 31];
const maxPayloadBytes = 4096;

export interface ConnectionRecord {
  readonly at: number;
  /** `/` for a new session, `/resume` for one that is resumed. */
  readonly path: string;
  readonly received: Frame[];
  sessionId: string | undefined;
  closeCode: number | undefined;
}

export interface ConnectionOptions {
  readonly world: World;
  readonly sessions: Sessions;
  readonly socket: WebSocket;
  readonly record: ConnectionRecord;
  readonly heartbeatIntervalMs: number;
  readonly eventsPerMinute: number;
  readonly lacks: readonly Lack[];
  readonly manners: Pick<Practice, 'acknowledges' | 'welcomes' | 'greets'>;
}

export interface Connection {
  readonly session: () => Session | undefined;
  /** Asks the client to come back. */
  reconnect(): void;
  /** Says that the session is over, or only interrupted. */
  invalidate(resumable: boolean): void;
  close(code: number): void;
  /** The line goes dead. */
  drop(): void;
  /** Sends this, whatever it is. */
  push(bytes: string): void;
}

/** Speaks the gateway's protocol with one client. */
export function createConnection(options: ConnectionOptions): Connection {
  const { world, sessions, socket, record, heartbeatIntervalMs, lacks, manners } = options;
  let session: Session | undefined;
  const watchdog = createWatchdog(heartbeatIntervalMs * 1.5, () => socket.close(4000));
  const hasRoom = createAllowance(options.eventsPerMinute, world.now);

  const send = (frame: Frame) => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify({ s: null, t: null, ...frame }));
  };

  function adopt(next: Session) {
    session = next;
    record.sessionId = next.id;
  }

  function identify(asked: unknown) {
    if (session !== undefined) return socket.close(4005);
    const identity = readIdentity(world, asked);
    if ('closeCode' in identity) return socket.close(identity.closeCode);
    const opened = sessions.open(identity.bot, identity.intents, identity.shard);
    if (opened === undefined) return send({ op: op.invalid, d: false });
    adopt(opened);
    opened.attach(send);
    greet(world, opened, { lacks, resumeUrl: `${world.url.replace('http', 'ws')}/resume` });
  }

  function resume(asked: unknown) {
    if (session !== undefined) return socket.close(4005);
    const { token, session_id, seq } = (asked ?? {}) as Record<string, unknown>;
    if (!world.bots.has(String(token))) return socket.close(4004);
    const found = sessions.find(String(session_id), String(token));
    if (found !== undefined && Number(seq) > found.lastSeq()) return socket.close(4007);
    const missed = found?.after(Number(seq));
    if (found === undefined || missed === undefined) return send({ op: op.invalid, d: false });
    adopt(found);
    for (const frame of missed) send(frame);
    found.attach(send);
    found.dispatch('RESUMED', { _trace: ['emulator'] });
  }

  function hear(bytes: RawData) {
    const frame = readFrame(bytes);
    if (frame === undefined) return socket.close(4002);
    record.received.push(frame);
    if (!hasRoom()) return socket.close(4008);
    if (frame.op === op.heartbeat) {
      watchdog.restart();
      if (manners.acknowledges()) send({ op: op.ack, d: null });
    } else if ([op.identify, op.resume].includes(frame.op) && !manners.welcomes()) return;
    else if (frame.op === op.identify) identify(frame.d);
    else if (frame.op === op.resume) resume(frame.d);
    else if (!otherOps.includes(frame.op)) socket.close(4001);
    else if (session === undefined) socket.close(4003);
  }

  socket.on('message', hear);
  socket.on('close', (code) => {
    watchdog.stop();
    // Somebody else may have resumed it on another connection.
    if (session?.isHeldBy(send)) sessions.leave(session, code);
  });
  for (const hello of helloOf(manners.greets(), heartbeatIntervalMs)) send(hello);
  watchdog.restart();

  return {
    session: () => session,
    reconnect: () => send({ op: op.reconnect, d: null }),
    invalidate(resumable) {
      if (session === undefined) return;
      if (resumable) session.detach(world.now());
      else sessions.end(session);
      // The line stays: discord.js resumes on it, others may identify on it anew.
      session = undefined;
      send({ op: op.invalid, d: resumable });
    },
    close: (code) => socket.close(code),
    drop: () => socket.terminate(),
    push: (bytes) => socket.send(bytes),
  };
}

function helloOf(greets: ReturnType<Practice['greets']>, heartbeatIntervalMs: number): Frame[] {
  if (greets === 'none') return [];
  const whole = { heartbeat_interval: heartbeatIntervalMs, _trace: ['emulator'] };
  return [{ op: op.hello, d: greets === 'whole' ? whole : null }];
}

function createWatchdog(ms: number, bark: () => void) {
  let timer: NodeJS.Timeout | undefined;
  const stop = () => clearTimeout(timer);
  return {
    restart() {
      stop();
      timer = setTimeout(bark, ms);
    },
    stop,
  };
}

function readFrame(bytes: RawData): Frame | undefined {
  const text = String(bytes);
  if (Buffer.byteLength(text) > maxPayloadBytes) return undefined;
  try {
    const frame: unknown = JSON.parse(text);
    if (typeof frame === 'object' && frame !== null && 'op' in frame && typeof frame.op === 'number')
      return frame as Frame;
  } catch {
    return undefined;
  }
  return undefined;
}

function createAllowance(perMinute: number, now: () => number): () => boolean {
  let passed: number[] = [];
  return () => {
    passed = [...passed.filter((at) => at > now() - 60_000), now()];
    return passed.length <= perMinute;
  };
}
