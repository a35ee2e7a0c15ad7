import { residentBytesOf } from '../usage.ts';
import type { Child } from './child.ts';
import type { StoreView } from './store.ts';

/** Something that was measured again and again. */
export interface Series {
  readonly name: string;
  readonly unit: 'MB' | 'ms';
  readonly points: readonly { readonly at: number; readonly value: number }[];
}

const megabyte = 1_024 * 1_024;
const everyMs = 2_000;

/** Looks at the processes and at their store until `stop`, and gives all that was seen. */
export function startSampling(children: readonly Child[], store: StoreView): { stop(): readonly Series[] } {
  const series = new Map<
    string,
    { name: string; unit: Series['unit']; points: { at: number; value: number }[] }
  >();

  function add(name: string, unit: Series['unit'], value: number | undefined): void {
    if (value === undefined) return;
    const own = series.get(name) ?? { name, unit, points: [] };
    series.set(name, own);
    own.points.push({ at: Date.now(), value });
  }

  function look(): void {
    for (const { name, pid, usage } of children) {
      add(`${name}: resident`, 'MB', residentBytesOf(pid) / megabyte);
      add(`${name}: heap`, 'MB', usage && usage.heapBytes / megabyte);
      add(`${name}: event loop, p99`, 'ms', usage?.loopP99Ms);
      add(`${name}: event loop, worst`, 'ms', usage?.loopMaxMs);
    }
    void store.bytes().then((bytes) => add(store.name, 'MB', bytes / megabyte));
  }

  const sampling = setInterval(look, everyMs);
  return {
    stop() {
      clearInterval(sampling);
      return [...series.values()];
    },
  };
}

export interface Course {
  readonly least: number;
  readonly median: number;
  readonly most: number;
  /** Of the medians of the minutes, the last against the first. */
  readonly drift: number;
  /** The median of every minute is within a tenth of the median of all. */
  readonly isFlat: boolean;
}

const minuteMs = 60_000;

/** Without its first minute. */
export function courseOf({ points }: Pick<Series, 'points'>): Course {
  const startedAt = points[0]?.at ?? 0;
  const minutes = new Map<number, number[]>();
  for (const { at, value } of points) {
    const minute = Math.floor((at - startedAt) / minuteMs);
    if (minute > 0) minutes.set(minute, [...(minutes.get(minute) ?? []), value]);
  }
  const values = [...minutes.values()].flat();
  const medians = [...minutes.values()].map(medianOf);
  const median = medianOf(values);
  const [first = 0, last = 0] = [medians[0], medians.at(-1)];
  return {
    least: Math.min(...values),
    median,
    most: Math.max(...values),
    drift: last / first - 1,
    isFlat: medians.every((one) => Math.abs(one / median - 1) <= 0.1),
  };
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
