import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { createLog } from '../src/log.ts';

async function logged(write: (log: Awaited<ReturnType<typeof createLog>>) => void): Promise<string> {
  const out = new PassThrough();
  write(
    await createLog({
      level: 'trace',
      secrets: ['pat_0123456789'],
      out: out as unknown as NodeJS.WriteStream,
    }),
  );
  return String(out.read());
}

describe('the log', () => {
  test('is JSON lines with a time and an event', async () => {
    const line = JSON.parse(await logged((log) => log.info({ role: 'all' }, 'ready')));
    expect(line).toMatchObject({ level: 30, role: 'all', msg: 'ready' });
    expect(new Date(line.time).getTime()).toBeGreaterThan(0);
  });

  test('never holds a secret, wherever it stands', async () => {
    const error = new Error('GET https://x/botpat_0123456789/getMe failed', {
      cause: new Error('pat_0123456789'),
    });
    const lines = await logged((log) =>
      log.error({ err: error, url: 'https://pat_0123456789@x' }, 'pat_0123456789'),
    );
    expect(lines).not.toContain('pat_0123456789');
    expect(lines).toContain('[secret]');
  });

  test('tells of an error what it is, and nothing that it carries', async () => {
    const error = Object.assign(new TypeError('boom', { cause: new Error('why') }), {
      code: 'E1',
      config: { data: 'a text' },
    });
    const { err } = JSON.parse(await logged((log) => log.error({ err: error }, 'failed')));
    expect(err).toMatchObject({ name: 'TypeError', message: 'boom', code: 'E1', cause: { message: 'why' } });
    expect(JSON.stringify(err)).not.toContain('a text');
  });
});
