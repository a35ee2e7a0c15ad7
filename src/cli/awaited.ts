import type { ToldHealth } from '../core/health.ts';

const lookForMs = 2_000;

/** What a question may be waiting for at a bridge, as far as that knows, and what to do. It never rejects. */
export async function whatIsAwaited(url: string): Promise<string> {
  try {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(lookForMs) });
    const { store, coze, workers } = (await response.json()) as ToldHealth;
    if (store === 'away') return 'The bridge cannot reach its store: look whether Redis runs.';
    const failing = coze.reason ? ` The last answer failed: ${coze.reason}.` : '';
    if (workers === 0) return `No worker answers: start one, with npm start.${failing}`;
    return `The bridge has the question, and waits for the bot.${failing}`;
  } catch {
    return 'The bridge does not say how it is: look at its log.';
  }
}
