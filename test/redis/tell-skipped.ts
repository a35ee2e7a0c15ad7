import { redisServer } from './server.ts';

/** Before all tests. */
export function setup(): void {
  if (redisServer.available) return;
  process.stderr.write('redis-server is not installed: the tests that need a Redis are skipped\n');
}
