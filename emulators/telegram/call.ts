import type { UploadedFile } from './multipart.ts';
import type { Params } from './request.ts';
import type { BotState, World } from './world.ts';

/** One call of a bot, as a method sees it. */
export interface Call {
  readonly world: World;
  readonly bot: BotState;
  readonly params: Params;
  /** Uploaded with the call, by the name of their part. */
  readonly files: ReadonlyMap<string, UploadedFile>;
  /** Aborts when the bot hangs up. */
  readonly signal: AbortSignal;
  /** Set when the call came before the deadline of an earlier 429. */
  duringPenalty: boolean;
}
