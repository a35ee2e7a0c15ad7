import type { z } from 'zod';
import type { Receive, Sender } from '../src/core/ports/platform.ts';
import type { Leases } from '../src/core/ports/store.ts';
import type { Clock, Log } from '../src/core/ports/world.ts';

/** What an adapter may use besides its own settings. */
export interface Tools {
  readonly clock: Clock;
  readonly log: Log;
  /** What a person should know first, where there is nobody else to tell them. */
  readonly greeting: string;
  /** For what only one process may do at a time. */
  readonly leases: Leases;
}

/** One platform: its name, its variables and its two halves. */
export interface Platform<Shape extends z.ZodRawShape = z.ZodRawShape> {
  readonly name: string;
  /** The variable that switches it on. Without one it runs when no other platform does. */
  readonly enabledBy?: string;
  /** Its variables in the environment. */
  readonly env: z.ZodObject<Shape>;
  receive(settings: z.output<z.ZodObject<Shape>>, tools: Tools): Receive;
  sender(settings: z.output<z.ZodObject<Shape>>, tools: Tools): Sender;
}

/** Gives the settings of both halves their type from `env`. */
export function definePlatform<Shape extends z.ZodRawShape>(platform: Platform<Shape>): Platform<Shape> {
  return platform;
}
