import type { Log } from '../../src/core/ports/world.ts';

export interface Logbook extends Log {
  /** `level: event` of each line. */
  events(): string[];
  /** All that would be written, for a search. */
  text(): string;
}

export function createLogbook(): Logbook {
  const lines: { level: string; event: string; fields: object }[] = [];
  const write = (level: string) => (fields: object, event: string) =>
    void lines.push({ level, event, fields });
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    events: () => lines.map(({ level, event }) => `${level}: ${event}`),
    text: () => JSON.stringify(lines),
  };
}
