import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** How a connection is greeted: as it should be, with no interval for the heartbeats, or not at all. */
type Hello = 'whole' | 'empty' | 'none';

/** A status; or the line is cut; or it is open, and no answer comes. */
type Refused = number | 'reset' | 'silence';

/** How the gateway treats its clients; a test may make it misbehave. */
export interface Manners {
  /** Whether heartbeats are answered. */
  acknowledge(yes: boolean): void;
  /** Whether IDENTIFY and RESUME are answered. */
  welcome(yes: boolean): void;
  /** How connections are greeted from now on. */
  hello(how: Hello): void;
  /**
   * Lets nobody in from now on, at one address or at all of them; undefined lets them in again, and cuts the lines on
   * which no answer came.
   */
  refuse(how: Refused | undefined, path?: '/' | '/resume'): void;
  /** How many lines wait for an answer that does not come. */
  unanswered(): number;
}

export interface Practice extends Manners {
  readonly acknowledges: () => boolean;
  readonly welcomes: () => boolean;
  readonly greets: () => Hello;
  /** Turns away who may not come in; false lets them in. */
  turnsAway(path: string, socket: Duplex): boolean;
}

export function createManners(): Practice {
  let acknowledges = true;
  let welcomes = true;
  let greets: Hello = 'whole';
  const refused = new Map<string, Refused>();
  const unanswered = new Set<Duplex>();

  function wait(socket: Duplex): void {
    unanswered.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => unanswered.delete(socket));
    // A server's socket does not close with the client's, and is to be read for its end to be noticed.
    socket.on('end', () => socket.destroy());
    socket.resume();
  }

  return {
    acknowledges: () => acknowledges,
    welcomes: () => welcomes,
    greets: () => greets,
    acknowledge(yes) {
      acknowledges = yes;
    },
    welcome(yes) {
      welcomes = yes;
    },
    hello(how) {
      greets = how;
    },
    refuse(how, path) {
      for (const one of path ? [path] : ['/', '/resume']) {
        if (how === undefined) refused.delete(one);
        else refused.set(one, how);
      }
      if (how === undefined) for (const socket of unanswered) socket.destroy();
    },
    unanswered: () => unanswered.size,
    turnsAway(path, socket) {
      const how = refused.get(path);
      if (how === 'reset') socket.destroy();
      else if (how === 'silence') wait(socket);
      else if (how !== undefined)
        socket.end(`HTTP/1.1 ${how} ${STATUS_CODES[how]}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      return how !== undefined;
    },
  };
}
