import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Libsql from 'libsql';
import { expect, test } from 'vitest';
import { systemClock as clock } from '../../src/clock.ts';
import { openEmbeddedDeadLetters } from '../../src/embedded/dead-letters.ts';
import { openEmbeddedHome } from '../../src/embedded/home.ts';
import { quietLog as log } from '../contracts/quiet-log.ts';
import { sampleMessage } from '../contracts/samples.ts';
import { useDir } from './store.ts';

const open = (dir: string) => openEmbeddedHome({ dir, clock, log });

test('the folder is made, for its owner alone', async () => {
  const dir = join(await useDir(), 'deep', 'data');
  await (await open(dir)).close();
  expect((await stat(dir)).mode & 0o777).toBe(0o700);
  expect(await readdir(dir)).toContain('bridge.db');
});

test('a second bridge on the same folder is refused, and may come when the first has gone', async () => {
  const dir = await useDir();
  const first = await open(dir);
  await expect(open(dir)).rejects.toThrow(`another bridge is at work in ${dir}: stop it`);
  await first.mailbox.put('k', sampleMessage('m'));
  await first.close();
  await (await open(dir)).close();
});

test('the command line can read the file while the bridge is at work', async () => {
  const dir = await useDir();
  const { mailbox, close } = await open(dir);
  await mailbox.put('k', sampleMessage('m'));
  const commandLine = new Libsql(join(dir, 'bridge.db'));
  expect(commandLine.prepare('select key from mail').all()).toEqual([{ key: 'k' }]);
  commandLine.close();
  await close();
});

test('once closed, the file alone has everything, for whoever copies it', async () => {
  const dir = await useDir();
  const { mailbox, close } = await open(dir);
  await mailbox.put('k', sampleMessage('m'));
  await close();
  const copy = join(await useDir(), 'copy.db');
  await copyFile(join(dir, 'bridge.db'), copy);
  const copied = new Libsql(copy);
  expect(copied.prepare('select key from mail').all()).toEqual([{ key: 'k' }]);
  copied.close();
});

test('once closed, nothing is written any more', async () => {
  const dir = await useDir();
  const home = await open(dir);
  await home.mailbox.put('k', sampleMessage('m1'));
  await home.conversations.find('k');
  await home.close();
  await expect(home.mailbox.put('k', sampleMessage('m2'))).rejects.toThrow('not open');
  await expect(home.conversations.find('k')).rejects.toThrow('not open');
});

test('a folder that cannot be made is named, with what to do', async () => {
  const dir = await useDir();
  await writeFile(join(dir, 'file'), '');
  await expect(open(join(dir, 'file', 'data'))).rejects.toThrow(/file\/data cannot be opened: .*DATA_DIR/);
});

test.each([
  [
    'a file that is no SQLite file',
    'damaged or no SQLite file',
    (file: string) => writeFile(file, 'x'.repeat(9_000)),
  ],
  ['a folder in its place', 'bridge.db cannot be opened', (file: string) => mkdir(file)],
  [
    'a file of another program',
    "another program's",
    (file: string) => execute(file, 'create table notes (text)'),
  ],
  [
    'a file of a newer bridge',
    'newer bridge: update',
    // Files in the field carry this number: it never changes.
    (file: string) => execute(file, 'pragma application_id = 0x437a4272; pragma user_version = 99'),
  ],
])('%s is refused, and not touched', async (_what, message, prepare) => {
  const dir = await useDir();
  const file = join(dir, 'bridge.db');
  await prepare(file);
  const before = await contentOf(file);
  await expect(open(dir)).rejects.toThrow(message);
  // The lock is free again: it is the file that is in the way, not another bridge.
  await expect(open(dir)).rejects.toThrow(message);
  expect(await contentOf(file)).toEqual(before);
});

test('the file says whose it is', async () => {
  const dir = await useDir();
  const { close } = await open(dir);
  const file = new Libsql(join(dir, 'bridge.db'));
  expect(file.pragma('application_id')).toEqual([{ application_id: 0x437a4272 }]);
  expect(file.pragma('journal_mode')).toEqual([{ journal_mode: 'wal' }]);
  file.close();
  await close();
});

test('a lock file that is no lock file is named', async () => {
  const dir = await useDir();
  await writeFile(join(dir, 'bridge.lock'), 'x'.repeat(9_000));
  await expect(open(dir)).rejects.toThrow('bridge.lock cannot be opened: it is damaged');
});

const contentOf = (file: string) => readFile(file).catch(() => 'a folder');

async function execute(file: string, sql: string): Promise<void> {
  const other = new Libsql(file);
  other.exec(sql);
  other.close();
}

test('a file of the first version is brought up to date, and loses nothing', async () => {
  const dir = await useDir();
  const old = new Libsql(join(dir, 'bridge.db'));
  old.exec(await readFile('test/fixtures/embedded/version-1.sql', 'utf8'));
  old.close();
  for (let start = 0; start < 2; start++) {
    const home = await open(dir);
    expect(await home.mailbox.line('k')).toMatchObject([{ id: 'm', text: 'kept' }]);
    expect(await home.mailbox.stop('k', 'm')).toBe(true);
    expect(await home.conversations.find('k')).toMatchObject({ conversationId: '7384659201837465011' });
    expect(await home.salt()).toMatch(/^[0-9a-f]{64}$/);
    expect(await home.suggestions.find('t')).toEqual([]);
    await home.close();
  }
});

const openLetters = (dir: string) => openEmbeddedDeadLetters({ dir, clock });

test('the command line makes no store where there is none', async () => {
  const dir = await useDir();
  await expect(openLetters(dir)).rejects.toThrow(`there is no store in ${dir}`);
  await expect(openLetters(join(dir, 'deep'))).rejects.toThrow('there is no store in');
  expect(await readdir(dir)).toEqual([]);
  await writeFile(join(dir, 'bridge.db'), '');
  await expect(openLetters(dir)).rejects.toThrow(`there is no store in ${dir}`);
  expect(await readFile(join(dir, 'bridge.db'), 'utf8')).toBe('');
});

test('the command line refuses what is no store of ours, and does not touch it', async () => {
  const dir = await useDir();
  const file = join(dir, 'bridge.db');
  await execute(file, 'create table notes (text)');
  const before = await contentOf(file);
  await expect(openLetters(dir)).rejects.toThrow("another program's");
  expect(await contentOf(file)).toEqual(before);
});

test('the command line works while no bridge does, and keeps none from starting', async () => {
  const dir = await useDir();
  await (await open(dir)).close();
  const commandLine = await openLetters(dir);
  const home = await open(dir);
  expect(await commandLine.deadLetters()).toEqual([]);
  await commandLine.close();
  await home.mailbox.put('k', sampleMessage('m'));
  await home.close();
});

test('dead letters of the first version can be replayed', async () => {
  const dir = await useDir();
  const old = new Libsql(join(dir, 'bridge.db'));
  old.exec(await readFile('test/fixtures/embedded/version-1.sql', 'utf8'));
  old
    .prepare('insert into dead_letters (key, message, reason, at) values (?, ?, ?, ?)')
    .run('k', JSON.stringify(sampleMessage('dead')), 'Error: no', 1);
  old.close();
  const commandLine = await openLetters(dir);
  const [letter] = await commandLine.deadLetters();
  expect(letter).toEqual({ id: '1', key: 'k', message: sampleMessage('dead'), reason: 'Error: no', at: 1 });
  expect(await commandLine.replay('1')).toBe(true);
  await commandLine.close();
  const home = await open(dir);
  expect((await home.mailbox.line('k')).map(({ id }) => id)).toEqual(['m', 'dead']);
  await home.close();
});
