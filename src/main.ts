import { platforms } from '../adapters/index.ts';
import { runBridge } from './bridge.ts';

await runBridge({ platforms, variables: process.env });
