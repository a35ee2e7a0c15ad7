import type { Log } from '../../src/core/ports/world.ts';

/** A log that can be read: one line of JSON for each event, `level event`. */
export function keepLog(): { readonly log: Log; readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (level: string) => (fields: object, event: string) =>
    void lines.push(`${level} ${event} ${JSON.stringify(fields)}`);
  return {
    log: { debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') },
    lines,
  };
}
