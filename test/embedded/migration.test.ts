import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Libsql from 'libsql';
import { expect, test } from 'vitest';
import { systemClock as clock } from '../../src/clock.ts';
import { openEmbeddedHome } from '../../src/embedded/home.ts';
import { quietLog as log } from '../contracts/quiet-log.ts';
import { useDir } from './store.ts';

/** As the first bridge wrote it, with a message in it. */
const versionOne = new URL('../fixtures/embedded/version-1.sql', import.meta.url);

const schemaOf = (file: string) => {
  const database = new Libsql(file);
  const tables = database.prepare('select name, sql from sqlite_schema order by name').all();
  const version = database.pragma('user_version');
  database.close();
  return { tables, version };
};

test('a file of the first version is brought up to date, and keeps what is in it', async () => {
  const dir = await useDir();
  const old = new Libsql(join(dir, 'bridge.db'));
  old.exec(await readFile(versionOne, 'utf8'));
  old.close();
  const home = await openEmbeddedHome({ dir, clock, log });
  expect(await home.conversations.find('k')).toEqual({ generation: 3, conversationId: '7' });
  await home.budget.block(
    { platform: 'p', bot: 'b', channel: 'c' },
    { retryAfterMs: 1_000, scope: 'channel' },
  );
  await home.close();

  const fresh = await useDir();
  await (await openEmbeddedHome({ dir: fresh, clock, log })).close();
  expect(schemaOf(join(dir, 'bridge.db'))).toEqual(schemaOf(join(fresh, 'bridge.db')));
  // Once more changes nothing.
  await (await openEmbeddedHome({ dir, clock, log })).close();
  expect(schemaOf(join(dir, 'bridge.db'))).toEqual(schemaOf(join(fresh, 'bridge.db')));
});
