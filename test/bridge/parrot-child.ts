import { z } from 'zod';
import { platforms } from '../../adapters/index.ts';
import { definePlatform } from '../../adapters/platform.ts';
import { runBridge } from '../../src/bridge.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createFakePlatform } from '../support/fake-platform.ts';

/** The bridge with one platform more, which is deaf for a moment. */
const parrot = definePlatform({
  name: 'parrot',
  enabledBy: 'PARROT_TOKEN',
  env: z.object({ PARROT_TOKEN: z.string() }),
  receive: () => async (_deliver, signal, ready, deaf) => {
    ready();
    deaf?.('it sleeps');
    ready();
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  },
  sender: () => createFakePlatform(createFakeClock()).sender,
});

await runBridge({ platforms: [...platforms, parrot], variables: process.env });
