import type { Check } from './check.ts';
import { cozeChecks } from './coze.ts';
import { discordChecks } from './discord.ts';
import { nodeCheck, proxyCheck, settingsCheck } from './place.ts';
import { storeCheck } from './store.ts';
import type { Subject } from './subject.ts';
import { telegramChecks } from './telegram.ts';
import { workersChecks } from './workers.ts';

/** In the order in which they are made. */
export function allChecks(subject: Subject, nodeVersion: string): Check[] {
  return [
    nodeCheck(nodeVersion),
    settingsCheck(subject),
    proxyCheck(subject),
    storeCheck(subject),
    ...workersChecks(subject),
    ...cozeChecks(subject),
    ...discordChecks(subject),
    ...telegramChecks(subject),
  ];
}
