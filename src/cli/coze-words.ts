import { CozeFailed, type CozeFailure } from '../core/errors.ts';

const otherRegion =
  'is COZE_BASE_URL right? coze.cn (https://api.coze.cn) and coze.com (https://api.coze.com) know only their own bots and tokens';

const noApi =
  'COZE_BASE_URL must be the address of the API, such as https://api.coze.cn; a Coze Studio has only some of its calls';

/** What the owner can do, by Coze's code or the HTTP status. */
const adviceByCode: Partial<Record<number, string>> = {
  200: noApi,
  404: noApi,
  4000: 'most often COZE_BOT_ID is wrong: npm run bridge -- bots lists the bots',
  4006: `COZE_BOT_ID: npm run bridge -- bots lists the bots; ${otherRegion}`,
  4015: `at Coze, open the bot, press Publish and tick API among the channels; ${otherRegion}`,
  4101: `at Coze, give the token this permission and the workspace of the bot; ${otherRegion}`,
  5000: 'try again; if it stays like this, COZE_BOT_ID is wrong: npm run bridge -- bots lists the bots',
};

const adviceByKind: Partial<Record<CozeFailure, string>> = {
  token: `make a new token at Coze (a personal one lives 30 days at most) and set COZE_API_TOKEN; ${otherRegion}`,
  quota: 'the account has no calls, credits or money left: top it up at Coze',
  busy: 'Coze is busy, or cannot be reached from here: look at the network and the proxy settings, and try again',
  occupied: 'try again in a minute',
  cut: 'the connection was lost on the way: look at the network and the proxy settings, and try again',
  config: `set the bot right at Coze; ${otherRegion}`,
};

interface Told {
  readonly words: string;
  readonly advice?: string;
}

/** A failure of Coze for the owner, with what Coze's support asks for. */
export function tellCoze(error: unknown): Told {
  if (!(error instanceof CozeFailed))
    return { words: error instanceof Error ? error.message : String(error) };
  const { code = 0, kind, logid } = error.facts;
  const advice = adviceByCode[code] ?? adviceByKind[kind];
  return { words: `${error.message}${logid ? ` (logid ${logid})` : ''}`, ...(advice && { advice }) };
}
