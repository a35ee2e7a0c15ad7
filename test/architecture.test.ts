import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';

/** Who may import whom, besides their own folder. The longest prefix counts. */
const mayImport: Record<string, readonly string[]> = {
  'src/text': [],
  'src/core': ['src/text'],
  'src/coze': ['src/core', 'src/text'],
  'src/redis': ['src/core', 'src/text'],
  'src/embedded': ['src/core', 'src/text'],
  adapters: ['src/core', 'src/text'],
  'adapters/index.ts': ['adapters'],
  'src/gateway.ts': ['src/core'],
  'src/worker.ts': ['src/core'],
  'src/lifecycle.ts': ['src/core'],
  'src/clock.ts': ['src/core'],
  'src/log.ts': ['src/core'],
  'src/readiness.ts': ['src/core'],
  'src/silences.ts': ['src/core'],
  'src/counting.ts': ['src/core'],
  'src/greeting.ts': [],
  'src/metrics.ts': ['src/core', 'src/counting.ts', 'adapters/platform.ts'],
  'src/metrics-server.ts': ['src/core', 'adapters/platform.ts'],
  'src/tracing.ts': ['src/core'],
  'src/looking.ts': ['src/core', 'src/readiness.ts'],
  'src/identity.ts': ['src/core'],
  'src/proxy': ['src/core', 'src/variables.ts', 'adapters/platform.ts'],
  'src/environment.ts': ['src/variables.ts'],
  'src/variables.ts': ['adapters/platform.ts'],
  'src/private-key.ts': [],
  'src/credentials.ts': ['src/private-key.ts', 'src/coze/grant.ts', 'src/variables.ts'],
  'src/settings.ts': ['src/coze/base-url.ts'],
  'src/config.ts': [
    'src/core',
    'src/settings.ts',
    'src/credentials.ts',
    'src/proxy/address.ts',
    'src/variables.ts',
    'adapters/platform.ts',
  ],
  'src/demo.ts': ['src/config.ts', 'emulators/coze/index.ts'],
  'src/parts.ts': ['src/config.ts', 'src/proxy/address.ts'],
  'src/roles.ts': ['src', 'adapters/platform.ts'],
  'src/bridge.ts': ['src', 'adapters/platform.ts'],
  'src/cli': ['src', 'adapters'],
  'src/cli.ts': ['src/cli', 'src/environment.ts'],
  'src/main.ts': ['src/bridge.ts', 'adapters/index.ts'],
  // What a browser is told of answers, and no more of the server.
  'web/src': ['adapters/http/wire.ts', 'adapters/http/passing.ts', 'adapters/http/read-events.ts'],
  'web/vite.config.ts': [],
  emulators: [],
  'emulators/main.ts': ['emulators'],
};

/** Only these packages are the business of these folders; everything else may use any. */
const packages: Record<string, RegExp> = {
  'src/text': /^(?:markdown-it|markdown-it-cjk-friendly|remend)$/,
  'src/core': /^$/,
};

const files = ['src', 'adapters', 'emulators', 'web'].flatMap((root) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(root, file)),
);

const ruleFor = (file: string, rules: Record<string, unknown>) =>
  Object.keys(rules)
    .filter((prefix) => within(file, prefix))
    .sort((one, other) => other.length - one.length)[0];

const within = (file: string, prefix: string) => file === prefix || file.startsWith(`${prefix}/`);

function importsOf(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  const found = source.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g);
  return [...found].map(([, path = '']) =>
    path.startsWith('.') ? normalize(join(dirname(file), path)) : path,
  );
}

/** A platform's own folder, so that no platform imports another. */
const homeOf = (file: string) => /^(adapters|emulators|src|web)\/[^/]+(?=\/)/.exec(file)?.[0] ?? file;

describe('the dependency rule', () => {
  test.each(files)('%s imports only what it may', (file) => {
    const rule = ruleFor(file, mayImport);
    expect(rule, 'a place in the table').toBeDefined();
    const allowed = [
      homeOf(file),
      ...(mayImport[rule ?? ''] ?? []),
      ...(within(file, 'adapters') ? ['adapters/platform.ts'] : []),
    ];
    const wrong = importsOf(file).filter((path) =>
      /^(src|adapters|emulators|web|test|bench)\//.test(path)
        ? !allowed.some((prefix) => within(path, prefix))
        : packages[rule ?? '']?.test(path) === false,
    );
    expect(wrong).toEqual([]);
  });

  test('sees imports of every form', () => {
    expect(importsOf('src/roles.ts')).toEqual(
      expect.arrayContaining(['src/redis/home.ts', 'adapters/platform.ts', 'src/config.ts']),
    );
  });
});
