/** For whoever gave a command or pressed a button that cannot be stored. */
export const apology = (locale: string | undefined): string =>
  locale?.startsWith('zh')
    ? '⚠️ 暂时无法执行，请一分钟后再试。'
    : '⚠️ This did not work just now. Please try again in a minute.';
