import type { Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import type { Health } from '../src/core/health.ts';
import type { Budget } from '../src/core/ports/budget.ts';
import type { CozeDesk } from '../src/core/ports/coze.ts';
import type { Receive, Sender } from '../src/core/ports/platform.ts';
import type { Home, Leases, Mailbox, Notes } from '../src/core/ports/store.ts';
import type { Clock, Log } from '../src/core/ports/world.ts';

/** Metrics, as they are sent to Prometheus. */
export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

/** For programs, which may do more than write: what they look at and decide by themselves. */
export interface Desk extends Pick<Home, 'feed' | 'sessions' | 'conversations' | 'interrupts'> {
  readonly mailbox: Pick<Mailbox, 'line' | 'count' | 'knows' | 'stop' | 'withdraw'>;
}

/** What an adapter may use besides its own settings. */
export interface Tools {
  readonly clock: Clock;
  readonly log: Log;
  /** What a person should know first, where there is nobody else to tell them. Waits for those who may `invite`. */
  greeting(): Promise<string>;
  /** Adds to it where else people can go, or why they cannot; said before `ready`, or before it fails. */
  invite(words: string): void;
  /** Something else is heard in this process besides this platform. */
  readonly isAccompanied: boolean;
  /** For what only one process may do at a time. */
  readonly leases: Leases;
  /** For what must be known again after a restart. */
  readonly notes: Notes;
  /** What was written longer ago than this, in milliseconds, is not answered any more. */
  readonly answerWithinMs: number;
  readonly desk: Desk;
  /** For programs too. */
  readonly coze: CozeDesk;
  health(): Promise<Health>;
  /** The counts and durations of this process, for an operator's programs. */
  metrics(): Promise<Exposition>;
  /** Where work waits in a queue that can be looked at: adds the page that shows it, at this path of a server. */
  readonly dashboard?: ((app: FastifyInstance, path: string) => Promise<void>) | undefined;
  /** For what the platform's replies say of its limits. */
  readonly budget: Pick<Budget, 'learn'>;
  /** The way to the platform's servers, where they are not called directly. */
  readonly proxy?: ProxyWay | undefined;
}

/** What is connected to. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** By TLS. */
  readonly secure: boolean;
}

/**
 * The way through a proxy, whatever is sent. Where the proxy fails, and not who is behind it, the error's words begin
 * with "the proxy", and so does its `code`, which is all of an error that every HTTP library hands on.
 */
export interface ProxyWay {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
  /** For what does not go by Node's agents. */
  connect(to: Endpoint): Promise<Socket>;
}

/** One platform: its name, its variables and its two halves. */
export interface Platform<Shape extends z.ZodRawShape = z.ZodRawShape> {
  readonly name: string;
  /** The variable that switches it on. Without one it runs when no other platform does, or beside all others (`isOff`). */
  readonly enabledBy?: string;
  /** Runs beside all others, unless the variables say that it does not. */
  isOff?(variables: Readonly<Record<string, string | undefined>>): boolean;
  /** Its variables in the environment. */
  readonly env: z.ZodObject<Shape>;
  /** How it is reached: the variable that names a proxy for it alone, and which of its variables has its address. */
  readonly leg?: { readonly proxy: string; readonly server: string };
  receive(settings: z.output<z.ZodObject<Shape>>, tools: Tools): Receive;
  sender(settings: z.output<z.ZodObject<Shape>>, tools: Tools): Sender;
}

/** Gives the settings of both halves their type from `env`. */
export function definePlatform<Shape extends z.ZodRawShape>(
  platform: Platform<Shape> & { readonly leg?: { readonly server: keyof Shape } },
): Platform<Shape> {
  return platform;
}
