import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Debian's own; where there is none, the tests that need it are skipped, and say so. */
export const executablePath = places.find((place) => existsSync(place));

interface Look {
  readonly theme?: 'light' | 'dark';
  readonly locale?: string;
  readonly width?: number;
}

/** A browser with one empty page, for one test. Nothing that goes wrong in the page is overlooked. */
export async function openPage({ theme = 'light', locale = 'en-GB', width = 900 }: Look = {}): Promise<{
  page: Page;
  errors: string[];
}> {
  const browser: Browser = await chromium.launch({
    executablePath: executablePath ?? '',
    args: ['--no-sandbox'],
  });
  onTestFinished(() => browser.close());
  const page = await browser.newPage({ colorScheme: theme, locale, viewport: { width, height: 500 } });
  page.setDefaultTimeout(10_000);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return { page, errors };
}
