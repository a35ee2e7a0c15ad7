import { onTestFinished } from 'vitest';
import { type CozeEmulatorOptions, startCozeEmulator } from '../../emulators/coze/index.ts';
import { createCozeBackends } from '../../src/coze/client.ts';
import { usualLimits } from '../../src/coze/limits.ts';
import { createApp } from '../support/oauth-app.ts';
import { createStillClock } from './still-clock.ts';

export const { atCoze, ours } = createApp();
export const tokenPath = '/api/permission/oauth2/token';

/** An emulator that lets an OAuth app in, and the way there. Its clock stands still. */
export async function openOAuth(options: CozeEmulatorOptions = {}) {
  const clock = createStillClock();
  const emulator = await startCozeEmulator({
    pace: { everyMs: 0 },
    rateLimit: { perSecond: 1_000 },
    oauth: { apps: [atCoze] },
    now: clock.now,
    ...options,
  });
  onTestFinished(() => emulator.close());
  const line = { baseUrl: emulator.url, clock, limits: usualLimits };
  const settings = { token: ours, botId: '7379462189365198898', saveHistory: true };
  const backends = createCozeBackends({ ...line, ...settings, limits: { recoverFailures: 0 } });
  const tokenCalls = () => emulator.requests.filter(({ path }) => path === tokenPath);
  return { emulator, clock, line, backends, tokenCalls };
}
