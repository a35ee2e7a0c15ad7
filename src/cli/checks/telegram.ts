import type { Api } from 'grammy';
import {
  createApi,
  failureOf,
  masked,
  type TelegramSettings,
  tokenRefused,
} from '../../../adapters/telegram/api.ts';
import { telegram } from '../../../adapters/telegram/index.ts';
import { whatToCheck } from '../../../adapters/telegram/webhook/reports.ts';
import type { WebhookSettings } from '../../../adapters/telegram/webhook/settings.ts';
import { type Check, type Finding, failed, failedAs, odd, ok, skipped } from './check.ts';
import { equip, type Subject } from './subject.ts';

const patienceSeconds = 10;

/** What Telegram reported longer ago than this has most often been mended since. */
const recentMs = 15 * 60_000;

/** Nothing where Telegram is not used. */
export function telegramChecks(subject: Subject): Check[] {
  if (!subject.env.TELEGRAM_BOT_TOKEN) return [];
  const equipped = equip(telegram, subject);
  if (!equipped)
    return [{ name: 'telegram token', run: () => skipped('not made, as its settings are wrong') }];
  const settings = { ...equipped.settings, proxy: equipped.proxy } as TelegramSettings & WebhookSettings;
  const api = createApi(settings, patienceSeconds);
  const needs = ['telegram token'];
  return [
    { name: 'telegram token', run: () => checkToken(api) },
    { name: 'telegram updates', needs, run: () => checkUpdates(api, settings, subject) },
    { name: 'telegram groups', needs, run: () => checkGroups(api) },
  ];
}

function checkToken(api: Api): Promise<Finding> {
  return atTelegram(async () => ok(`Telegram accepts it: the bot is @${(await api.getMe()).username}`));
}

/** By the webhook that is set, for to ask for updates would take them from a bridge that is at work. */
function checkUpdates(
  api: Api,
  { TELEGRAM_WEBHOOK_URL: ours }: WebhookSettings,
  { clock }: Subject,
): Promise<Finding> {
  return atTelegram(async () => {
    const { url = '', last_error_date: at = 0, last_error_message: report = '' } = await api.getWebhookInfo();
    if (url !== '' && url !== ours) {
      const host = URL.canParse(url) ? new URL(url).host : 'another address';
      return odd(
        `a webhook is set that is not ours, at ${host}: another program uses this bot, or has`,
        'if that program is still in use, make a bot of its own for each; if not, nothing: the bridge removes it when it starts',
      );
    }
    if (ours === undefined)
      return ok(
        'by polling: no webhook is in the way (should another program poll, the log of the bridge says so)',
      );
    if (url === '') return ok('by webhook: the bridge registers it when it starts');
    if (clock.now() - at * 1_000 > recentMs)
      return ok('by webhook: it is registered, and Telegram reports no trouble');
    return failed(`Telegram cannot deliver to TELEGRAM_WEBHOOK_URL: ${masked(report)}`, whatToCheck(report));
  });
}

function checkGroups(api: Api): Promise<Finding> {
  return atTelegram(async () => {
    const { can_join_groups: canJoin, can_read_all_group_messages: readsAll } = await api.getMe();
    if (!canJoin)
      return odd('the bot cannot be added to groups', 'if it should be, send /setjoingroups to @BotFather');
    if (readsAll)
      return ok('privacy mode is off: it is sent all that is written, and leaves alone what is not for it');
    return ok('privacy mode is on: it is sent mentions, replies and commands, which is all that it needs');
  });
}

async function atTelegram(look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    const { code, reason } = failureOf(error);
    // A token that cannot be one is a page that is not there.
    if (code === 401 || code === 404) return failedAs(tokenRefused);
    if (code === undefined)
      return failed(
        `Telegram cannot be reached: ${reason}`,
        'look at the network, and at HTTPS_PROXY or TELEGRAM_PROXY',
      );
    return failed(`Telegram refuses the call: ${code} ${reason}`);
  }
}
