/** The address if it is one that may be opened: of a web page. Others may do something when opened. */
export function safeUrl(url: string): string | undefined {
  const address = url.replace(/\p{Surrogate}/gu, '').replace(/[\s\p{Cc}<>"\\]/gu, encodeURIComponent);
  if (address.length > longestUrl) return undefined;
  return /^https?:\/\/[^\s/?#]+/iu.test(address) ? address : undefined;
}

/** A longer one leaves no room for words. */
const longestUrl = 1_000;
