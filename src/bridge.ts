import type { Platform } from '../adapters/platform.ts';
import { systemClock as clock } from './clock.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import type { Log } from './core/ports/world.ts';
import { readEnvironment } from './environment.ts';
import { createLifecycle, endWithParent } from './lifecycle.ts';
import { createLog } from './log.ts';
import { play } from './roles.ts';
import type { Environment } from './variables.ts';

export interface BridgeOptions {
  /** Every platform that it may be asked to run. */
  readonly platforms: readonly Platform[];
  /** The process's own; those in `.env` and `.env.local` of the working folder are read besides. */
  readonly variables: Environment;
}

const howToChat = 'Write something and press Enter. "reset" starts a new conversation, "exit" ends.';

/** All that this process does: it ends with the bridge, and never comes back from here. */
export async function runBridge({ platforms, variables }: BridgeOptions): Promise<void> {
  let log = await createLog({ level: 'info', secrets: [], out: process.stderr });
  try {
    const config = readConfig(readEnvironment(process.cwd(), variables), platforms);
    log = await createLog({ level: levelFor(config), secrets: config.secrets, out: process.stderr });
    crashInWords(log);
    for (const warning of config.warnings) log.warn({ warning }, 'odd setting');
    process.exitCode = (await run(config, log, variables)) ? 0 : 1;
  } catch (error) {
    if (error instanceof ConfigError) tellMistakes(error, log);
    else log.error({ trouble: error }, 'cannot go on');
    process.exitCode = 1;
  }
  // Connections kept alive must not hold the process, but all that was written must be out before it goes.
  process.stdout.write('', () => process.exit());
}

/** Runs until it is told to end, or until nothing can be heard any more; false when something failed on the way. */
async function run(config: Config, log: Log, variables: Environment): Promise<boolean> {
  const lifecycle = createLifecycle(clock, log);
  if (variables.npm_lifecycle_event) void endWithParent(lifecycle, clock);
  process.stdout.on('error', () => lifecycle.end('standard output was closed'));
  const greet = (lines: readonly string[]) => [...lines, howToChat].join('\n');
  if (config.coze) return play({ config, coze: config.coze, log, greet, lifecycle, clock });
  const { startDemo, demoGreeting } = await import('./demo.ts');
  const { coze, dataDir, end } = await startDemo();
  log.info({ means: demoGreeting }, 'demo');
  const demo = { ...config, dataDir, redisUrl: undefined };
  const greetToDemo = (lines: readonly string[]) => greet([demoGreeting, ...lines]);
  return play({ config: demo, coze, log, greet: greetToDemo, lifecycle, clock }).finally(end);
}

/** A person gets a list to read. */
function tellMistakes({ mistakes, warnings }: ConfigError, log: Log): void {
  const also = warnings.length > 0 ? { warnings } : {};
  const lines = [...mistakes, ...warnings].map((line) => `  ${line}`);
  if (process.stderr.isTTY) process.stderr.write(`Cannot start. Fix these settings:\n${lines.join('\n')}\n`);
  else log.error({ mistakes, ...also }, 'cannot start: fix these settings');
}

/** A person who chats on this very terminal is not disturbed by every line of the log. */
function levelFor({ logLevel, platforms }: Config) {
  const chatting = platforms.some(({ platform }) => !platform.enabledBy);
  const onScreen = process.stdin.isTTY && process.stdout.isTTY && process.stderr.isTTY;
  return logLevel ?? (chatting && onScreen ? 'warn' : 'info');
}

/** Node's own last words would print whatever the error carries: requests, and so texts and tokens. */
function crashInWords(log: Log): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      const stack = error instanceof Error ? error.stack : undefined;
      log.error({ err: error, stack }, 'crashed: this is a defect of the bridge');
      process.exit(1);
    });
  }
}
