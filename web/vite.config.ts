import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const folder = join(import.meta.dirname, 'dist');

/** The bridge hands these on as they are: it compresses nothing while it serves. */
const compressed: Plugin = {
  name: 'compressed',
  async writeBundle() {
    for (const name of await readdir(folder, { recursive: true })) {
      if (!/\.(?:js|css|html|svg)$/.test(name)) continue;
      const file = join(folder, name);
      const bytes = await readFile(file);
      await Promise.all([
        writeFile(`${file}.gz`, gzipSync(bytes, { level: 9 })),
        writeFile(`${file}.br`, brotliCompressSync(bytes)),
      ]);
    }
  },
};

/** The page; `npm ci` builds it, and the bridge serves it. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [compressed],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
