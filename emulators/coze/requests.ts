import type { Call } from './call.ts';

/** A call as it came, and what became of it. */
export interface RecordedRequest extends Omit<Call, 'files'> {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What the Authorization header carries. */
  readonly token: string;
  /** Of the reply, once there is one. */
  readonly status?: number;
  /** Coze's code in a JSON reply. */
  readonly code?: number;
  /** The connection closed before the reply had ended: the client went, or a script or a fault cut it. */
  readonly broken: boolean;
}

export type OpenRecord = { -readonly [Key in keyof RecordedRequest]: RecordedRequest[Key] };

export function recordOf({ files: _files, ...call }: Call): OpenRecord {
  const token = (call.headers.authorization ?? '').replace(/^bearer\s+/i, '');
  return { ...call, at: Date.now(), token, broken: false };
}
