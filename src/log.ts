import { type DestinationStream, type LevelWithSilent, pino } from 'pino';
import { isDefect } from './core/defects.ts';
import * as expected from './core/errors.ts';
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
    ? (await import('pino-pretty')).default({
        destination: out,
        ignore: 'pid,hostname',
        singleLine: true,
        errorLikeObjectKeys: Object.keys(serializers),
      })
    : { write: (line) => void out.write(line) };
  const redacted: DestinationStream = { write: (line) => lines.write(redact(line, secrets)) };
  const log: Log = pino(
    { level, base: null, serializers, timestamp: pino.stdTimeFunctions.isoTime },
    redacted,
  );
  return log;
}

export function redact(line: string, secrets: readonly string[]): string {
  return secrets.reduce((text, secret) => text.replaceAll(secret, '[secret]'), line);
}

const causesTold = 3;

type Kinds = readonly (abstract new (...args: never[]) => Error)[];
const isOneOf = (kinds: Kinds, error: Error) => kinds.some((kind) => error instanceof kind);

const serializers = {
  /** An error. Where it came from is told unless it is one of those that somebody expects and acts on. */
  err: describer((error) => !isOneOf(Object.values(expected), error)),
  /** An error whose words tell the owner what to do; where it came from is told only of defects. */
  trouble: describer(isDefect),
};

/** Only what we know to hold no payload: errors of HTTP libraries carry requests, and those carry texts and tokens. */
function describer(isTraced: (error: Error) => boolean) {
  return function describe(error: unknown, depth = 0): unknown {
    if (!(error instanceof Error)) return { message: String(error) };
    const { name, message, cause } = error;
    const code =
      'code' in error && (typeof error.code === 'string' || typeof error.code === 'number')
        ? error.code
        : undefined;
    return {
      name,
      message,
      code,
      stack: isTraced(error) ? framesOf(error) : undefined,
      ...(cause !== undefined && depth < causesTold && { cause: describe(cause, depth + 1) }),
    };
  };
}

/** Without the message that a stack begins with: it is the first one that the error had, and may say more. */
function framesOf({ stack }: Error): string | undefined {
  if (typeof stack !== 'string') return undefined;
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return frames.join('\n');
}
