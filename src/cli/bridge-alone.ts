import { http } from '../../adapters/http/index.ts';
import { runBridge } from '../bridge.ts';

// Whoever started it holds the other end. When that is gone, however it went, nobody is there to be answered; what is
// not answered yet is safe in the store.
process.stdin.on('error', () => process.exit(1));
process.stdin.once('close', () => process.exit(1));
process.stdin.resume();

// The environment of a child is made for it.
// A bridge that is asked by HTTP alone: what is written on platforms is not for it.
await runBridge({ platforms: [http], variables: process.env });
