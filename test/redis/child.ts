import { openRedisHome } from '../../src/redis/home.ts';
import { obey } from '../contracts/mail-child.ts';
import { silent, testTimes } from './store.ts';

const [url = '', prefix = ''] = process.argv.slice(2);
await obey(await openRedisHome({ url, prefix, log: silent, ...testTimes }));
