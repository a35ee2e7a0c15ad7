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
  readonly javaScriptEnabled?: boolean;
}

export async function send(page: Page, text: string): Promise<void> {
  await page.locator('#question').fill(text);
  await page.keyboard.press('Enter');
}

/** Sends it, and waits until it is answered, or has failed. */
export async function ask(page: Page, text: string): Promise<void> {
  const answers = await page.locator('.bot').count();
  await send(page, text);
  await page.locator('.bot[aria-busy="false"]').nth(answers).waitFor();
}

/** A browser with one empty page, for one test. Nothing that goes wrong in the page is overlooked. */
export async function openPage({
  theme = 'light',
  locale = 'en-GB',
  width = 900,
  javaScriptEnabled = true,
}: Look = {}): Promise<{
  page: Page;
  errors: string[];
}> {
  const browser: Browser = await chromium.launch({
    executablePath: executablePath ?? '',
    args: ['--no-sandbox'],
  });
  onTestFinished(() => browser.close());
  const viewport = { width, height: 500 };
  const context = await browser.newContext({ colorScheme: theme, locale, viewport, javaScriptEnabled });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return { page, errors };
}
