import { systemClock as clock } from '../../src/clock.ts';
import { openEmbeddedHome } from '../../src/embedded/home.ts';
import { obey } from '../contracts/mail-child.ts';
import { quietLog as log } from '../contracts/quiet-log.ts';

const [dir] = process.argv.slice(2);
if (!dir) throw new Error('the folder is missing');
await obey(await openEmbeddedHome({ dir, clock, log }));
