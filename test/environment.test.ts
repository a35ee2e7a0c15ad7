import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readEnvironment } from '../src/environment.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'environment-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('the process goes before .env.local, and that before .env', () => {
  writeFileSync(join(folder, '.env'), 'ONE=file\nTWO=file\nTHREE=file\n');
  writeFileSync(join(folder, '.env.local'), 'TWO=local\nTHREE=local\n');
  expect(readEnvironment(folder, { THREE: 'process' })).toEqual({
    ONE: 'file',
    TWO: 'local',
    THREE: 'process',
  });
});

test('what the process sets to nothing is switched off, whatever the files say', () => {
  writeFileSync(join(folder, '.env'), 'ONE=file\nTWO=file\n');
  expect(readEnvironment(folder, { ONE: '' })).toEqual({ TWO: 'file' });
});

test('what .env.local has as an empty line is that of .env', () => {
  writeFileSync(join(folder, '.env'), 'ONE=file\n');
  writeFileSync(join(folder, '.env.local'), 'ONE=\n');
  expect(readEnvironment(folder, {})).toEqual({ ONE: 'file' });
});

test('the mark of some editors is no part of the first name', () => {
  writeFileSync(join(folder, '.env'), '\uFEFFONE=file\r\nTWO="quoted"\r\n');
  expect(readEnvironment(folder, {})).toEqual({ ONE: 'file', TWO: 'quoted' });
});

test('a file that cannot be read is named, with what to do', () => {
  mkdirSync(join(folder, '.env'));
  expect(() => readEnvironment(folder, {})).toThrow(/\.env cannot be read \(EISDIR\): make it a file/);
});
