import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createDeadLettersCommand } from '../../src/cli/dead-letters.ts';
import type { DeadLetter } from '../../src/core/ports/store.ts';
import { inbound } from '../support/fake-platform.ts';
import { call } from './shell.ts';

let letters: DeadLetter[];
let replayed: string[];
let opened: number;
beforeEach(() => {
  letters = [letter('k7q2', 'hello'), letter('m3x9', 'what is the time?')];
  replayed = [];
  opened = 0;
});

function letter(id: string, text: string, more: Partial<DeadLetter> = {}): DeadLetter {
  const at = Date.UTC(2026, 10, 28, 20, 44, 5);
  return { id, key: `key of ${id}`, message: inbound(text), reason: 'Error: no luck', at, ...more };
}

/** Takes those letters out, and says how many they were. */
function take(id?: string): number {
  const before = letters.length;
  letters = letters.filter((letter) => id !== undefined && letter.id !== id);
  return before - letters.length;
}

const command = createDeadLettersCommand(async () => {
  opened += 1;
  return {
    deadLetters: async () => letters,
    replay: async (id) => take(id) > 0 && replayed.push(id) > 0,
    purge: async (id) => take(id),
    close: async () => {
      opened -= 1;
    },
  };
});
const run = (line: string) => call({ 'dead-letters': command }, `dead-letters ${line}`);

describe('dead-letters list', () => {
  test('shows of each what it is, whose, when and why, and how many they are', async () => {
    const { status, out, err } = await run('list');
    expect([status, err]).toEqual([0, '']);
    const [first, why, text, blank, second] = out.split('\n');
    expect(first).toMatch(/^k7q2 {2}2026-11-2[89] \d\d:\d\d:05 [+-]\d\d:\d\d {2}fake {2}Ada$/);
    expect([why, text, blank]).toEqual(['  why:  no luck', '  text: hello', '']);
    expect(second).toMatch(/^m3x9/);
    expect(out.split('\n').at(-1)).toBe('2 dead letters');
  });

  test.each([
    ['UTC', '2026-11-28 20:44:05 +00:00'],
    ['Asia/Kathmandu', '2026-11-29 02:29:05 +05:45'],
    ['America/St_Johns', '2026-11-28 17:14:05 -03:30'],
  ])('says when it was by the clock on the wall in %s', async (zone, when) => {
    vi.stubEnv('TZ', zone);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect((await run('list')).out).toContain(`  ${when}  `);
  });

  test('says so when there are none', async () => {
    letters = [];
    expect(await run('list')).toEqual({ status: 0, out: 'no dead letters', err: '' });
    expect(await run('list --json')).toEqual({ status: 0, out: '', err: '' });
  });

  test.each([
    ['a\n\n  b\tc', 'a b c'],
    ['\u001b[31mred\u0007', '\ufffd[31mred\ufffd'],
    ['\u202egnp.exe \u009b \ud800', '\ufffdgnp.exe \ufffd \ufffd'],
    ['家\u200d👨‍👩‍👧', '家\u200d👨‍👩‍👧'],
    ['x'.repeat(80), 'x'.repeat(80)],
    ['😀'.repeat(81), `${'😀'.repeat(79)}…`],
    [`${' '.repeat(900)}late`, '…'],
  ])('shows the beginning of %j on one line, and nothing that a terminal obeys', async (text, shown) => {
    const author = { id: 'p1', name: text };
    letters = [letter('k7q2', text, { reason: `Error: ${text}`, message: { ...inbound(text), author } })];
    const [first, , line] = (await run('list')).out.split('\n');
    expect(line).toBe(`  text: ${shown}`);
    expect(first?.endsWith(`  fake  ${shown}`)).toBe(true);
    expect((await run('list')).out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  test('counts what came with it', async () => {
    letters = [letter('k7q2', '', { message: { ...inbound(''), attachments: [{ kind: 'image' }] } })];
    expect((await run('list')).out).toContain('[attachments: 1]');
  });

  test('--json is one object a line, with all that is known', async () => {
    const record = { generation: 3, posted: [] };
    letters = [letter('k7q2', 'a\nb \u009b\u202e\u{e0001}', { record }), letter('m3x9', 'x')];
    const { out } = await run('list --json');
    expect(out.split('\n').map((line) => JSON.parse(line))).toEqual(letters);
    expect(out).not.toMatch(/[\u009b\u202e\u{e0001}]/u);
  });
});

describe('dead-letters replay', () => {
  test('replays the one', async () => {
    expect(await run('replay m3x9')).toEqual({ status: 0, out: 'replayed m3x9', err: '' });
    expect(replayed).toEqual(['m3x9']);
  });

  test('all: the oldest first', async () => {
    expect(await run('replay all')).toEqual({ status: 0, out: 'replayed 2 dead letters', err: '' });
    expect(replayed).toEqual(['k7q2', 'm3x9']);
  });
});

describe('dead-letters purge', () => {
  test('forgets all, and says how many', async () => {
    expect(await run('purge')).toEqual({ status: 0, out: 'forgot 2 dead letters', err: '' });
    expect(await run('purge all')).toEqual({ status: 0, out: 'forgot 0 dead letters', err: '' });
  });

  test('forgets one', async () => {
    expect(await run('purge k7q2')).toEqual({ status: 0, out: 'forgot 1 dead letter', err: '' });
    expect(letters.map(({ id }) => id)).toEqual(['m3x9']);
  });
});

describe('dead-letters', () => {
  test.each(['replay zzzz', 'purge zzzz'])('%s: there is no such one', async (line) => {
    const { status, out, err } = await run(line);
    expect([status, out, letters.length]).toEqual([1, '', 2]);
    expect(err).toContain('"zzzz"');
  });

  test.each([
    '',
    'lst',
    'replay',
    'replay k7q2 m3x9',
    'list k7q2',
    'purge --json',
    'purge --all',
    'list --json=yes',
  ])('"%s" means nothing, and does nothing', async (line) => {
    const { status, out, err } = await run(line);
    expect([status, out, letters.length]).toEqual([2, '', 2]);
    expect(err).toMatch(/\n?Usage: npm run bridge -- dead-letters list/);
  });

  test('leaves no store open, whatever comes of it', async () => {
    for (const line of ['list', 'replay zzzz', 'purge']) await run(line);
    letters = [letter('k7q2', 'hello', { message: undefined as never })];
    expect((await run('list')).status).toBe(1);
    expect(opened).toBe(0);
  });
});
