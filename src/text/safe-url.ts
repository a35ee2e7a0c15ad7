/** The address if it is one that may be opened: of a web page, or of something inside Telegram. */
export function safeUrl(url: string): string | undefined {
  const address = url.replace(/\p{Surrogate}/gu, '').replace(/[\s\p{Cc}<>"\\]/gu, encodeURIComponent);
  if (address.length > longestUrl) return undefined;
  return /^(?:https?:\/\/[^\s/?#]+|tg:\/\/\w+)/iu.test(address) ? address : undefined;
}

/** A longer one leaves no room for words. */
const longestUrl = 1_000;
