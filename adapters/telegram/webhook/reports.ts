/** What to look at for what Telegram reports, in its words (telegram-bot-api, WebhookActor.cpp). The first that fits. */
const checks: readonly (readonly [report: RegExp, check: string])[] = [
  [
    /: 401\b/,
    'all processes need the same TELEGRAM_WEBHOOK_SECRET, or none, and the proxy must pass on the header X-Telegram-Bot-Api-Secret-Token',
  ],
  [/: 40[45]\b/, 'the proxy must pass on requests with the path of TELEGRAM_WEBHOOK_URL as it is'],
  [/: 413\b/, 'the proxy must let bodies of 1 MB through'],
  [/: 503\b/, 'the store or the bridge behind the proxy was away: see the lines above'],
  [/: 50[024]\b/, 'the proxy does not reach the bridge: it must lead to TELEGRAM_WEBHOOK_PORT'],
  [/: 3\d\d\b/, 'the proxy redirects: TELEGRAM_WEBHOOK_URL must be the address that it leads to'],
  [
    /ssl|certificate/i,
    'the certificate must be valid for the name in TELEGRAM_WEBHOOK_URL, and come with its chain',
  ],
  [
    /resolve|address/i,
    'the name in TELEGRAM_WEBHOOK_URL must lead to an IPv4 address that the internet can reach',
  ],
];

const otherwise =
  'TELEGRAM_WEBHOOK_URL must be reachable from the internet, and lead to TELEGRAM_WEBHOOK_PORT: look at the proxy and the firewall';

export function whatToCheck(reported: string): string {
  return checks.find(([report]) => report.test(reported))?.[1] ?? otherwise;
}
