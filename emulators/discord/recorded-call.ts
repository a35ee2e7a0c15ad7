import type { Fault } from './faults.ts';
import type { Pings } from './world.ts';

export interface RecordedCall {
  readonly at: number;
  /** The bot's user name; nothing if the call came with no token, or with a wrong one. */
  readonly bot: string | undefined;
  readonly method: string;
  /** Without /api/v10. */
  readonly path: string;
  /** As in Discord's documents: `/channels/:channel/messages`. Nothing for one that there is not. */
  readonly route: string | undefined;
  readonly channelId: string | undefined;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly files: readonly { readonly name: string; readonly size: number; readonly contentType: string }[];
  readonly unknownRoute: boolean;
  /** Fields that the platform does not have. */
  readonly unknownFields: readonly string[];
  /** Made before the deadline that an earlier 429 had set. */
  duringPenalty: boolean;
  fault: Fault['kind'] | undefined;
  /** What the server said, or would have; nothing while it is under way, and when it never will. */
  reply: { readonly status: number; readonly body: unknown } | undefined;
}

/** Whom one write of a bot has called. */
export interface RecordedPing extends Pings {
  readonly at: number;
  readonly channelId: string;
  readonly messageId: string;
  readonly write: 'create' | 'edit';
  readonly content: string;
}
