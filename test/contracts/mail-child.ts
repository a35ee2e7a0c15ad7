import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Draw, Place } from '../../src/core/ports/budget.ts';
import type { Delivery, Home, TurnRecord } from '../../src/core/ports/store.ts';
import { until } from './desk.ts';
import type { TestStore } from './store.ts';

/** What a child is told to do: with a delivery it holds, or with its budget. */
type Order =
  | {
      readonly do: 'draw';
      readonly draws: readonly Draw[];
      readonly silent: Place;
      readonly silentMs: number;
    }
  | { readonly do: 'finish' | 'fail'; readonly id: string }
  | { readonly do: 'note'; readonly id: string; readonly record: TurnRecord };

/** What a child tells. `settled`: what it was told has had the time to reach the store. */
export type Report =
  | { readonly type: 'ready' | 'drawn' }
  | {
      readonly type: 'take';
      readonly key: string;
      readonly id: string;
      readonly attempt: number;
      readonly record?: TurnRecord;
      /** How many messages it was joined of. */
      readonly pieces: number;
    }
  | { readonly type: 'noted' | 'settled'; readonly id: string }
  | { readonly type: 'refused'; readonly id: string; readonly error: string };

/** The child's side: works, tells of each delivery, and ends it as it is told. It is ended by a signal. */
export async function obey(home: Home): Promise<void> {
  const held = new Map<string, { delivery: Delivery; finish: () => void; fail: (error: Error) => void }>();
  const never = new AbortController().signal;
  createInterface({ input: process.stdin }).on('line', async (line) => {
    const order = JSON.parse(line) as Order;
    if (order.do === 'draw') return void (await spend(home, order));
    const { delivery, finish, fail } = held.get(order.id) ?? {};
    if (order.do === 'note') {
      await delivery?.note(order.record).then(
        () => tell({ type: 'noted', id: order.id }),
        (error: Error) => tell({ type: 'refused', id: order.id, error: error.name }),
      );
      return;
    }
    if (order.do === 'finish') finish?.();
    else fail?.(new Error('told to fail'));
    await sleep(200);
    tell({ type: 'settled', id: order.id });
  });
  tell({ type: 'ready' });
  const answer = (delivery: Delivery) =>
    new Promise<void>((finish, fail) => {
      const { key, message, attempt, record } = delivery;
      held.set(message.id, { delivery, finish, fail });
      const pieces = message.pieces?.length ?? 1;
      tell({ type: 'take', key, id: message.id, attempt, pieces, ...(record ? { record } : {}) });
    });
  await home.mailbox
    .work({ answer, giveUp: async () => {} }, { concurrency: 8, stop: never, leave: never })
    // A worker that was overtaken may end; the test still has orders for what it held.
    .catch(() => sleep(60_000));
}

async function spend({ budget }: Home, { draws, silent, silentMs }: Order & { do: 'draw' }): Promise<void> {
  for (const draw of draws) await budget.draw(draw);
  await budget.block(silent, { retryAfterMs: silentMs, scope: 'channel' });
  tell({ type: 'drawn' });
}

function tell(report: Report): void {
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

/** The test's side: a worker in a process of its own. */
export interface MailChild {
  readonly reports: readonly Report[];
  /** The first report that fits. Rejects when the child ends by itself. */
  report(fits: (report: Report) => boolean): Promise<Report>;
  order(order: Order): void;
  pause(): void;
  resume(): void;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
}

export function startChild(
  store: TestStore,
  onReport?: (report: Report, child: MailChild) => void,
): MailChild {
  const node = spawn(process.execPath, ['--import', 'tsx', ...store.childArgs], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const reports: Report[] = [];
  const gone = new Promise<void>((resolve) => node.once('close', () => resolve()));
  node.stdin.on('error', () => {}); // The child may die before it has read everything.
  const child: MailChild = {
    reports,
    async report(fits) {
      await until(() => reports.some(fits) || hasEnded(node));
      const found = reports.find(fits);
      if (!found) throw new Error('the child ended before it told what was waited for');
      return found;
    },
    order: (order) => void node.stdin.write(`${JSON.stringify(order)}\n`),
    pause: () => void node.kill('SIGSTOP'),
    resume: () => void node.kill('SIGCONT'),
    async kill() {
      node.kill('SIGKILL');
      await gone;
    },
  };
  createInterface({ input: node.stdout }).on('line', (line) => {
    const report = JSON.parse(line) as Report;
    reports.push(report);
    onReport?.(report, child);
  });
  return child;
}

const hasEnded = (node: ChildProcess) => node.exitCode !== null || node.signalCode !== null;
