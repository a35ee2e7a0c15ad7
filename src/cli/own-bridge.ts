import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment } from '../variables.ts';

/** A bridge of our own. */
interface OwnBridge {
  readonly url: string;
  /** Aborts, with words for the owner, should it end by itself. */
  readonly died: AbortSignal;
  /** Ends it, in order if that takes no longer than two seconds. */
  close(): Promise<void>;
}

const entry = join(import.meta.dirname, 'bridge-alone.ts');

const closeForMs = 2_000;

/** Where there is a Redis its workers answer: this one would take what people wrote on platforms that it does not know. */
const roleOn = ({ REDIS_URL }: Environment) => (REDIS_URL ? 'gateway' : 'all');

const alone = { SERVER_HOST: '127.0.0.1', SERVER_PORT: '0', LOG_LEVEL: 'info' };

/** Rejects with words for the owner. */
export async function startBridge(environment: Environment): Promise<OwnBridge> {
  const child = spawn(process.execPath, [...process.execArgv, entry], {
    // A worker that is at work here may have the port.
    env: {
      ...environment,
      ...alone,
      ROLE: roleOn(environment),
      ...(environment.METRICS_PORT && { METRICS_PORT: '0' }),
    },
    // It ends with its standard input, and so with us, however we end.
    stdio: ['pipe', 'ignore', 'pipe'],
    // Ctrl-C is for us alone: the question must still be stopped there.
    detached: true,
  });
  const said: string[] = [];
  const died = new AbortController();
  const ended = once(child, 'close').catch((error: Error) => void said.push(error.message));
  void ended.then(() => died.abort(new Error(tellEnd(said))));
  const address = new Promise<string>((resolve) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      const [, found] = /"address":"(http[^"]+)"/.exec(line) ?? [];
      if (found) resolve(found);
      else if (said.push(line) > mostKept) said.shift();
    });
  });
  const url = await Promise.race([address, ended.then(() => Promise.reject(died.signal.reason))]);
  return {
    url,
    died: died.signal,
    async close() {
      child.kill('SIGTERM');
      await Promise.race([ended, sleep(closeForMs, undefined, { ref: false })]);
      child.kill('SIGKILL');
    },
  };
}

/** Lines of its log. */
const mostKept = 100;

function tellEnd(log: readonly string[]): string {
  const troubles = [...new Set(log.flatMap(troublesIn))];
  const why = troubles.length > 0 ? troubles : log;
  const isTaken = why.some((words) => words.startsWith('another bridge is at work'));
  return [
    'No bridge answers at SERVER_PORT, and the one that was started for this question has ended:',
    ...why.map((words) => `  ${words}`),
    ...(isTaken ? [otherBridge] : []),
  ].join('\n');
}

const otherBridge =
  'That one has no HTTP API to be asked by (SERVER_PORT=off), or is of another chat that runs right now. For several at once, let a bridge run: npm start.';

interface LogLine {
  readonly level?: number;
  readonly msg?: string;
  readonly mistakes?: readonly string[];
  readonly trouble?: { readonly message?: string };
}

const errorLevel = 50;

/** What an owner must know of a line of the log; nothing of one that tells of no error. */
function troublesIn(line: string): readonly string[] {
  try {
    const { level = 0, msg = line, mistakes, trouble } = JSON.parse(line) as LogLine;
    return level < errorLevel ? [] : (mistakes ?? [trouble?.message ?? msg]);
  } catch {
    return [];
  }
}
