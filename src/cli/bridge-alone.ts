import { http } from '../../adapters/http/index.ts';
import { runBridge } from '../bridge.ts';

// The environment of a child is made for it.
// A bridge that is asked by HTTP alone: what is written on platforms is not for it.
await runBridge({ platforms: [http], variables: process.env });
