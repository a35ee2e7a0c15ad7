import type { z } from 'zod';
import type { Clock, Log, Receive, Sender } from '../src/core/ports.ts';

/** What an adapter may use besides its own settings. */
export interface Tools {
  readonly clock: Clock;
  readonly log: Log;
}

/** One platform: its name, its variables and its two halves. */
export interface Platform<Settings = unknown> {
  readonly name: string;
  /** The variable that switches it on. Without one it runs when no other platform does. */
  readonly enabledBy?: string;
  /** Its variables, parsed from the environment. */
  readonly env: z.ZodType<Settings>;
  receive(settings: Settings, tools: Tools): Receive;
  sender(settings: Settings, tools: Tools): Sender;
}

/** Gives `settings` its type from `env`. */
export function definePlatform<Settings>(platform: Platform<Settings>): Platform<Settings> {
  return platform;
}
