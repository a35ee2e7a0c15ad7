import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { CozeFailed, Postponed, Unreachable } from '../src/core/errors.ts';
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

  const described = async (fields: object) => JSON.parse(await logged((log) => log.error(fields, 'failed')));
  const here = /^ +at .*log\.test\.ts:\d+/;

  test.each([new TypeError('boom'), new Error('boom'), new (class Odd extends Error {})('boom')])(
    'tells where %s came from, and where its causes did',
    async (error) => {
      const { err } = await described({ err: new Error('outer', { cause: error }) });
      expect(err.stack).toMatch(here);
      expect(err.cause).toMatchObject({ message: 'boom', stack: expect.stringMatching(here) });
    },
  );

  test.each([
    new Postponed(1_000),
    new CozeFailed({ kind: 'busy', retryable: true }),
    new Unreachable('no network', 'no'),
  ])('does not tell where %s came from: it is expected', async (error) => {
    expect((await described({ err: error })).err.stack).toBeUndefined();
  });

  test('tells its owner of a trouble in words alone, unless it is a defect', async () => {
    const trouble = new Error('the store cannot be opened: make room', { cause: new TypeError('boom') });
    const told = (await described({ trouble })).trouble;
    expect(told).toMatchObject({ message: trouble.message, cause: { stack: expect.stringMatching(here) } });
    expect(told.stack).toBeUndefined();
  });

  test('repeats no message that an error once had', async () => {
    const error = new Error('POST {"text":"a text"}');
    error.message = 'POST failed';
    const told = JSON.stringify(await described({ err: error }));
    expect(told).toMatch(/POST failed.*log\.test\.ts/);
    expect(told).not.toContain('a text');
  });

  test('is not upset by an error with a stack of another kind', async () => {
    const odd = Object.assign(new Error('odd'), { stack: ['not', 'text'] });
    expect((await described({ err: odd })).err).toEqual({ name: 'Error', message: 'odd' });
  });
});
