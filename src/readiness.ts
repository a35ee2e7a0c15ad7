import type { Clock, Log } from './core/ports/world.ts';

/** What of this process must work for all of it to be ready: a platform, or the mailbox. */
export interface Part {
  ready(): void;
  /** It does not work at present, and will again. */
  deaf(reason: string): void;
  /** It never works again, for this reason if it failed; whoever says so has told the log why. */
  end(reason?: string): void;
}

interface PartState {
  readonly name: string;
  readonly state: 'starting' | 'ready' | 'deaf' | 'ended';
  readonly reason?: string;
  /** Milliseconds since 1970. */
  readonly since: number;
}

interface ReadinessOptions {
  /** Their names: the process is ready when all of them are. */
  readonly parts: readonly string[];
  /** Those of them without which it can do its work: once they have ended, they hold up nobody. */
  readonly dispensable?: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  /** What the log says with the first `ready`, though these have ended. */
  readonly facts: (ended: readonly string[]) => object;
  /** From then on nobody asks any more, and nothing is logged. */
  readonly stop: AbortSignal;
}

/** Knows whether this process does its work; logs it when that changes, and only then. */
export interface Readiness {
  part(name: string): Part;
  states(): readonly PartState[];
}

export function createReadiness({ clock, log, facts, stop, ...options }: ReadinessOptions): Readiness {
  const started = clock.now();
  const parts = new Map<string, PartState>(
    options.parts.map((name) => [name, { name, state: 'starting', since: started }]),
  );
  let wasReady = false;
  let unreadySince: number | undefined;

  function become(name: string, state: PartState['state'], reason?: string): void {
    const before = parts.get(name);
    if (before?.state === 'ended') return;
    const since = before?.state === state ? before.since : clock.now();
    parts.set(name, { name, state, since, ...(reason !== undefined && { reason }) });
    if (before?.state !== state && !stop.aborted) tell(name, state, reason);
  }

  function tell(platform: string, state: PartState['state'], reason: string | undefined): void {
    if (state === 'deaf') {
      log.warn({ platform, reason }, 'not ready');
      unreadySince ??= clock.now();
    }
    const isDispensed = (part: string, its: PartState['state']) =>
      its === 'ended' && options.dispensable?.includes(part);
    if (state !== 'ready' && !isDispensed(platform, state)) return;
    const states = [...parts.values()];
    if (states.every((part) => part.state === 'ended')) return;
    if (states.some((part) => part.state !== 'ready' && !isDispensed(part.name, part.state))) return;
    if (wasReady && state !== 'ready') return;
    if (wasReady) log.info({ afterMs: clock.now() - (unreadySince ?? clock.now()) }, 'ready again');
    else {
      const ended = states.filter((part) => part.state === 'ended');
      log.info(facts(ended.map((part) => part.name)), 'ready');
    }
    wasReady = true;
    unreadySince = undefined;
  }

  return {
    part: (name) => ({
      ready: () => become(name, 'ready'),
      deaf: (reason) => become(name, 'deaf', reason),
      end: (reason) => become(name, 'ended', reason),
    }),
    states: () => [...parts.values()],
  };
}
