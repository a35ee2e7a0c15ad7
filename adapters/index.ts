import { discord } from './discord/index.ts';
import { http } from './http/index.ts';
import type { Platform } from './platform.ts';
import { telegram } from './telegram/index.ts';
import { terminal } from './terminal/index.ts';

/** Every platform there is. */
export const platforms: readonly Platform[] = [discord, telegram, http, terminal];
