import { type DestinationStream, type LevelWithSilent, pino } from 'pino';
import type { Log } from './core/ports/world.ts';

interface LogOptions {
  readonly level: LevelWithSilent;
  /** Replaced wherever they would appear, whatever object brought them. */
  readonly secrets: readonly string[];
  readonly out: NodeJS.WriteStream;
}

/** JSON lines, or, where a person looks on, lines for reading. */
export async function createLog({ level, secrets, out }: LogOptions): Promise<Log> {
  const lines: DestinationStream = out.isTTY
    ? (await import('pino-pretty')).default({ destination: out, ignore: 'pid,hostname', singleLine: true })
    : { write: (line) => void out.write(line) };
  const redacted: DestinationStream = { write: (line) => lines.write(redact(line, secrets)) };
  const log: Log = pino(
    { level, base: null, serializers: { err: describeError }, timestamp: pino.stdTimeFunctions.isoTime },
    redacted,
  );
  return log;
}

export function redact(line: string, secrets: readonly string[]): string {
  return secrets.reduce((text, secret) => text.replaceAll(secret, '[secret]'), line);
}

const causesTold = 3;

/** Errors that only wrong code makes. Of all others the words say enough, and where they came from says nothing more. */
const defects = [TypeError, RangeError, ReferenceError, SyntaxError, URIError];

/** Only what we know to hold no payload: errors of HTTP libraries carry requests, and those carry texts and tokens. */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, cause } = error;
  const stack = defects.some((kind) => error instanceof kind) ? error.stack : undefined;
  const code =
    'code' in error && (typeof error.code === 'string' || typeof error.code === 'number')
      ? error.code
      : undefined;
  return {
    name,
    message,
    code,
    stack,
    ...(cause !== undefined && depth < causesTold && { cause: describeError(cause, depth + 1) }),
  };
}
