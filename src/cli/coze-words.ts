import { CozeFailed, type CozeFailure } from '../core/errors.ts';

const otherRegion =
  'if it is of the other region, set COZE_BASE_URL right: https://api.coze.cn knows those of coze.cn alone, https://api.coze.com those of coze.com';

const noApi =
  'COZE_BASE_URL must be the address of the API, such as https://api.coze.cn; a Coze Studio has only some of its calls';

/** What it means, where Coze's own words leave that open. By its code. */
const meaningByCode: Partial<Record<number, string>> = {
  4006: 'there is no such bot',
  4015: 'the bot is not published to the API',
  4101: 'the token is not allowed to do this',
};

const meaningByKind: Partial<Record<CozeFailure, string>> = {
  token: 'the token is not accepted',
  quota: 'the quota is used up',
  busy: 'Coze is busy',
  occupied: 'another question is being answered in this conversation',
  cut: 'the connection was lost in the middle of the answer',
  config: 'the bot or the settings are not right',
};

/** What the owner can do, by Coze's code or the HTTP status. */
const adviceByCode: Partial<Record<number, string>> = {
  200: noApi,
  404: noApi,
  4000: 'most often COZE_BOT_ID is wrong: npm run bridge -- bots lists the bots',
  4006: `COZE_BOT_ID: npm run bridge -- bots lists the bots; ${otherRegion}`,
  4015: `at Coze, open the bot, press Publish and tick API among the channels; ${otherRegion}`,
  4101: `at Coze, give the token the workspace of the bot, and the permissions that README.md names (on chats, messages and conversations); ${otherRegion}`,
  5000: 'try again; if it stays like this, COZE_BOT_ID is wrong: npm run bridge -- bots lists the bots',
};

const adviceByKind: Partial<Record<CozeFailure, string>> = {
  token: `make a new token at Coze (a personal one lives 30 days at most) and set COZE_API_TOKEN; ${otherRegion}`,
  quota: 'at Coze, look what the account has left of calls, credits and money, and top it up',
  busy: 'try again in a minute',
  occupied: 'try again in a minute',
  cut: 'the connection was lost on the way: look at the network and the proxy settings, and try again',
  config: `set the bot right at Coze; ${otherRegion}`,
};

const whenAway = 'look at the network, and at HTTPS_PROXY or COZE_PROXY, and try again';

interface Told {
  readonly words: string;
  readonly advice?: string;
}

/** A failure of Coze for the owner, with what Coze's support asks for. */
export function tellCoze(error: unknown): Told {
  if (!(error instanceof CozeFailed))
    return { words: error instanceof Error ? error.message : String(error) };
  const { code, kind, said, logid, isAway } = error.facts;
  const meaning = isAway ? 'Coze cannot be reached' : (meaningByCode[code ?? 0] ?? meaningByKind[kind]);
  const advice = adviceByCode[code ?? 0] ?? (isAway ? whenAway : adviceByKind[kind]);
  const details = [code === undefined ? 'Coze' : `Coze ${code}`, said].filter(Boolean).join(': ');
  const words = meaning
    ? `${meaning} (${isAway && code === undefined && said ? said : details})`
    : error.message;
  return { words: `${words}${logid ? `, logid ${logid}` : ''}`, ...(advice && { advice }) };
}
