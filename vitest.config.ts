import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/redis/tell-skipped.ts',
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Two cores: the tests that start whole processes must not starve one another.
    maxWorkers: 2,
  },
});
