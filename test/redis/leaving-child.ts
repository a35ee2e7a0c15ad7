import { once } from 'node:events';
import { openRedisHome } from '../../src/redis/home.ts';
import { openDesk } from '../contracts/desk.ts';
import { sampleMessage } from '../contracts/samples.ts';
import { silent, testTimes } from './store.ts';

// Holds a message, and leaves at the first word from its parent. It must then end by itself.
const home = await openRedisHome({ url: process.argv[2] ?? '', log: silent, ...testTimes });
const desk = openDesk(home.mailbox, { deaf: true });
await home.mailbox.put('k', sampleMessage('m'));
await desk.next();
process.stdout.write('held');
await once(process.stdin, 'data');
process.stdin.destroy();
await desk.leave();
await home.close();
