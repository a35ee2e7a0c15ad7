import type { CozeState, CozeTrouble } from './coze-state.ts';
import type { MailFigures } from './ports/figures.ts';

/** How this process is, and what it knows of the others. */
export interface Health {
  /** When it was looked; milliseconds since 1970. */
  readonly at: number;
  readonly parts: readonly {
    readonly name: string;
    readonly state: 'starting' | 'ready' | 'deaf' | 'ended';
    readonly reason?: string | undefined;
  }[];
  /** Undefined: the store does not answer. */
  readonly figures: MailFigures | undefined;
  /** Undefined: nothing is known of it. */
  readonly coze: CozeState | undefined;
}

type Status = 'healthy' | 'degraded' | 'unhealthy';
type CozeStatus = 'initialized' | 'failing';

/** What `GET /health` answers, wherever it is asked. Times are in ISO 8601. */
export interface ToldHealth {
  readonly status: Status;
  readonly timestamp: string;
  /** The same as `coze.status`. */
  readonly coze_client_status: CozeStatus;
  readonly coze: {
    readonly status: CozeStatus;
    readonly reason?: string | undefined;
    readonly since?: string | undefined;
  };
  readonly store: 'ready' | 'away';
  readonly parts: Health['parts'];
  readonly workers: number | null;
  readonly waiting_conversations: number | null;
  readonly oldest_waiting_since: string | null;
  readonly dead_letters: number | null;
}

/** For an operator. Coze's own words are in the log: they may repeat a question, and this is told to everybody. */
const reasons: Readonly<Record<CozeTrouble, string>> = {
  token: 'the token is not accepted',
  config: 'the bot or the settings are not right',
  quota: 'the quota is used up',
  busy: 'Coze is busy',
  away: 'Coze cannot be reached',
};

/**
 * Without its store a process can do nothing; a platform that is not heard is one of several, Coze comes back, and for a
 * worker all waits.
 */
export function statusOf({ figures, parts, coze }: Omit<Health, 'at'>): Status {
  if (!figures) return 'unhealthy';
  return !coze?.trouble && figures.workers > 0 && parts.every(({ state }) => state === 'ready')
    ? 'healthy'
    : 'degraded';
}

export function tell(health: Health): ToldHealth {
  const { figures, parts, coze } = health;
  const cozeStatus = coze?.trouble ? 'failing' : 'initialized';
  return {
    status: statusOf(health),
    timestamp: isoOf(health.at),
    coze_client_status: cozeStatus,
    coze: {
      status: cozeStatus,
      ...(coze?.trouble && { reason: reasons[coze.trouble] }),
      ...(coze && { since: isoOf(coze.since) }),
    },
    store: figures ? 'ready' : 'away',
    parts: parts.map(({ name, state, reason }) => ({ name, state, ...(reason && { reason }) })),
    workers: figures?.workers ?? null,
    waiting_conversations: figures?.lines ?? null,
    oldest_waiting_since: figures?.oldestAt === undefined ? null : isoOf(figures.oldestAt),
    dead_letters: figures?.deadLetters ?? null,
  };
}

const isoOf = (at: number): string => new Date(at).toISOString();
