import type { Dialect } from './dialect.ts';
import type { Pace } from './pace.ts';
import type { Script } from './script.ts';
import type { Chat, State } from './state.ts';
import type { Outlet } from './wire.ts';

/** A chat that is being played. */
export interface Run {
  readonly chat: Chat;
  readonly script: Script;
  readonly outlet: Outlet;
  readonly state: State;
  readonly dialect: Dialect;
  readonly pace: Pace;
  /** Characters of question and context: what the usage of input is reckoned from. */
  readonly read: number;
  /** The emulator closes. */
  readonly signal: AbortSignal;
}
