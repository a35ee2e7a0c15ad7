import { ConfigError, readCozeAccess } from '../../config.ts';
import { CozeFailed } from '../../core/errors.ts';
import type { AccessSettings } from '../../coze/access.ts';
import { createCozeDesk } from '../../coze/desk.ts';
import { createProxyWay } from '../../proxy/way.ts';
import { tellCoze } from '../coze-words.ts';
import { askOnce } from './ask-once.ts';
import { type Check, type Finding, failed, odd, ok, skipped } from './check.ts';
import { isDemo, type Subject } from './subject.ts';

/** The token, the bot, and whether it answers. */
export function cozeChecks(subject: Subject): Check[] {
  const { env, clock } = subject;
  const access = (): AccessSettings => {
    const { token, baseUrl, proxy } = readCozeAccess(env);
    return { token, baseUrl, clock, agents: proxy && createProxyWay(proxy, { clock }) };
  };
  return [
    {
      name: 'coze token',
      run: () =>
        isDemo(subject) ? skipped('no Coze is set: the demo needs none') : checkToken(access(), subject),
    },
    {
      name: 'coze bot',
      needs: ['coze token'],
      run: () => withBot(subject, (bot) => checkBot(access(), bot, subject)),
    },
    {
      name: 'coze answer',
      needs: ['coze token', 'coze bot'],
      run: () => withBot(subject, (bot) => checkAnswer(access(), bot, subject)),
    },
  ];
}

async function checkToken(access: AccessSettings, subject: Subject): Promise<Finding> {
  const { host } = new URL(access.baseUrl);
  try {
    await createCozeDesk(access).checkToken();
    return ok(`${host} accepts it`);
  } catch (error) {
    const isRefused = error instanceof CozeFailed && error.facts.kind === 'token';
    const elsewhere = isRefused && (await findElsewhere(access, subject, (desk) => desk.checkToken()));
    if (elsewhere)
      return failed(
        `${host} does not know it: it is one of another region`,
        `set COZE_BASE_URL=${elsewhere}`,
      );
    return isUntold(error) ? odd(`${host} does not tell`, untold) : failedAtCoze(error);
  }
}

async function checkBot(access: AccessSettings, botId: string, subject: Subject): Promise<Finding> {
  try {
    const name = await createCozeDesk(access).nameOf(botId);
    return ok(`${botId} is published to the API${name && `: ${name}`}`);
  } catch (error) {
    const elsewhere = await findElsewhere(access, subject, (desk) => desk.nameOf(botId));
    if (elsewhere) return failed('the bot is in another region', `set COZE_BASE_URL=${elsewhere}`);
    // To chat, it need not be allowed to look bots up.
    if (error instanceof CozeFailed && error.facts.code === 4101)
      return odd('the token may not look it up (4101), or is not for its workspace', untilAsked);
    if (isUntold(error)) return odd('the server does not tell', untold);
    return failedAtCoze(error);
  }
}

async function checkAnswer(access: AccessSettings, botId: string, { config }: Subject): Promise<Finding> {
  const saveHistory = config instanceof ConfigError || config.saveHistory;
  try {
    const { firstMs, wholeMs, pieces } = await askOnce({ ...access, botId, saveHistory });
    if (firstMs === undefined)
      return odd('the bot gave an empty answer', 'look at its prompt, in its preview at Coze');
    const times = `the first words after ${firstMs} ms, the whole answer after ${wholeMs} ms`;
    return ok(
      `it may be asked, and its answer streams (this cost a call): ${times}, in ${pieces} ${pieces === 1 ? 'piece' : 'pieces'}`,
    );
  } catch (error) {
    return failedAtCoze(error);
  }
}

function withBot({ env }: Subject, check: (botId: string) => Promise<Finding>): Promise<Finding> | Finding {
  const { COZE_BOT_ID: id = '' } = env;
  return /^\d+$/.test(id)
    ? check(id)
    : skipped('COZE_BOT_ID is not set right: npm run bridge -- bots lists the bots');
}

function failedAtCoze(error: unknown): Finding {
  const { words, advice } = tellCoze(error);
  return failed(words, advice);
}

const untilAsked = 'if it answers below, all is well';
const untold = `a Coze Studio has no call for that: ${untilAsked}`;

/** There is no such call, or no JSON in reply to it. */
const isUntold = (error: unknown): boolean =>
  error instanceof CozeFailed && (error.facts.code === 404 || error.facts.code === 200);

/** The other region, if things go well there. */
async function findElsewhere(
  access: AccessSettings,
  { otherRegion }: Subject,
  look: (desk: ReturnType<typeof createCozeDesk>) => Promise<unknown>,
): Promise<string | undefined> {
  const baseUrl = otherRegion(access.baseUrl);
  if (baseUrl === undefined) return undefined;
  return look(createCozeDesk({ ...access, baseUrl })).then(
    () => baseUrl,
    () => undefined,
  );
}
