/**
 * Where Coze's API is, as the SDK wants it: it puts its paths straight behind what it is given, and guides are full
 * of addresses that end in `/v3`. Throws an Error that says what is wrong, without repeating what was given.
 */
export function normaliseBaseUrl(given: string): string {
  const url = parse(given.trim());
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new Error('must begin with https://');
  const site = /^(?:www\.)?coze\.(cn|com)$/.exec(url.hostname)?.[1];
  if (site) throw new Error(`is the address of the website: set https://api.coze.${site}`);
  if (url.username || url.password) throw new Error('must not hold a user name or a password');
  if (url.search || url.hash) throw new Error('must end before any ? or #');
  const path = url.pathname.replace(/\/+$/, '').replace(/\/+(v3\/chat|v3|v1|open_api\/v2)$/, '');
  return url.origin + path.replace(/\/+$/, '');
}

/** Whom a JWT is for: Coze goes by one of two names, whatever address leads there. */
export function audienceOf(baseUrl: string): string {
  return /(^|\.)coze\.com$/.test(new URL(baseUrl).hostname) ? 'api.coze.com' : 'api.coze.cn';
}

function parse(text: string): URL {
  if (!URL.canParse(text)) throw new Error('is not a web address; one looks like https://api.coze.cn');
  return new URL(text);
}
