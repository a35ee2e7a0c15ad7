import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { expect, test } from 'vitest';

const web = resolve(import.meta.dirname, '../../web');
const most = 100_000;

test('all script that the page loads is less than 100 kB, gzipped', async () => {
  const built = await build({
    configFile: join(web, 'vite.config.ts'),
    build: { write: false },
    logLevel: 'error',
  });
  const output = [built].flat().flatMap((bundle) => ('output' in bundle ? bundle.output : []));
  const scripts = output
    .filter(({ fileName }) => /\.m?js$/.test(fileName))
    .map((file) => (file.type === 'chunk' ? file.code : file.source));
  expect(output.map(({ fileName }) => fileName)).toContain('index.html');
  expect(scripts).not.toEqual([]);
  const sizes = scripts.map((code) => gzipSync(code).length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(most);
});
