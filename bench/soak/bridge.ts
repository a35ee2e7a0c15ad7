import { monitorEventLoopDelay } from 'node:perf_hooks';
import { platforms } from '../../adapters/index.ts';
import { runBridge } from '../../src/bridge.ts';
import { soak } from './platform.ts';
import { tell } from './told.ts';

// The bridge with one platform more, which tells once a second how it is.
const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();
setInterval(() => {
  tell({
    kind: 'usage',
    heapBytes: process.memoryUsage().heapUsed,
    loopP99Ms: delay.percentile(99) / 1e6,
    loopMaxMs: delay.max / 1e6,
  });
  delay.reset();
}, 1_000).unref();

await runBridge({ platforms: [...platforms, soak], variables: process.env });
