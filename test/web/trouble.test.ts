import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { serve } from '../adapters/http/served.ts';
import { executablePath, openPage } from './browser.ts';

const key = 'cb_0123456789abcdefghij';

async function send(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Write a message' }).fill(text);
  await page.keyboard.press('Enter');
}

describe.skipIf(!executablePath)('the page in trouble', () => {
  test('keeps what was read of an answer that fails, and says below it why', async () => {
    const bridge = await serve('embedded');
    const half = 'Half of the answer is here.';
    bridge.coze.answer({ steps: [{ say: [half] }], end: { status: 'failed', code: 4028, msg: 'quota' } });
    const { page } = await openPage();
    await page.goto(bridge.url);
    await send(page, 'hello');
    await page.locator('.trouble .note', { hasText: 'quota' }).waitFor();
    expect(await page.locator('.bot .body').textContent()).toContain(half);
    await page.reload();
    await page.locator('.trouble .note', { hasText: 'quota' }).waitFor();
    expect(await page.locator('.bot .body').textContent()).toContain(half);
  });

  test('stops an answer that has no id yet, and shows that it was stopped', async () => {
    const bridge = await serve('embedded');
    bridge.coze.answer({ steps: [{ say: ['It begins. '] }, { waitMs: 4_000 }, { say: ['It ends.'] }] });
    const { page } = await openPage();
    await page.route('**/chat/stream', async (route) => {
      await sleep(600);
      await route.continue();
    });
    await page.goto(bridge.url);
    await send(page, 'hello');
    await page.getByRole('button', { name: 'Stop' }).press('Enter');
    expect(await page.getByRole('button', { name: 'Stop' }).isDisabled()).toBe(true);
    await page.locator('.bot .note', { hasText: 'Stopped.' }).waitFor();
    expect(await page.locator('.bot .body').textContent()).not.toContain('It ends.');
    // Whoever works by keyboard goes on writing.
    expect(await page.evaluate('document.activeElement.id')).toBe('question');
  });

  test('a question survives a reload that comes before anything was heard of it', async () => {
    const bridge = await serve('embedded');
    const { page } = await openPage();
    await page.route('**/chat/stream', async (route) => {
      await sleep(5_000);
      await route.continue().catch(() => undefined);
    });
    await page.goto(bridge.url);
    await send(page, 'hello out there');
    await page.locator('.user', { hasText: 'hello out there' }).waitFor();
    await page.reload();
    await page.locator('.user', { hasText: 'hello out there' }).waitFor();
    await page.getByRole('button', { name: 'Try again' }).waitFor();
  });

  test('goes on in a new session where the old one is another key’s, and says what goes on meanwhile', async () => {
    const bridge = await serve('embedded', { SERVER_API_KEYS: `${key},${key}2` });
    const { page } = await openPage();
    await page.goto(bridge.url);
    await send(page, 'hello');
    const field = page.getByRole('textbox', { name: 'This bridge asks for a key:' });
    await field.fill('half typed');
    await page.keyboard.press('Escape');
    await page.locator('.trouble .note', { hasText: 'Without a key' }).waitFor();
    expect(await page.evaluate('JSON.stringify({ ...sessionStorage })')).not.toContain('half');
    await page.getByRole('button', { name: 'Try again' }).click();
    await field.fill(key);
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: 'complete' }).waitFor();
    await page.evaluate(`sessionStorage.setItem('coze-bridge key', '${key}2')`);
    await send(page, 'and now?');
    await page.locator('.bot footer button').nth(1).waitFor();
    expect(await page.locator('.trouble').count()).toBe(0);
    expect(bridge.questions().map(({ text }) => text)).toEqual(['hello', 'and now?']);
    await bridge.gateway.stop('SIGKILL');
    await send(page, 'still there?');
    await page.locator('.trouble .note', { hasText: 'cannot be reached' }).waitFor();
  });

  test('shows that the connection is lost, and goes on', async () => {
    const bridge = await serve('embedded');
    bridge.coze.answer({ steps: [{ say: ['It begins. '] }, { waitMs: 2_500 }, { say: ['It ends.'] }] });
    const { page } = await openPage();
    await page.goto(bridge.url);
    await send(page, 'hello');
    await page.locator('.bot', { hasText: 'It begins.' }).waitFor();
    await bridge.gateway.stop('SIGKILL');
    await page.locator('.bot .note', { hasText: 'connection was lost' }).waitFor();
    await bridge.launch({
      TELEGRAM_BOT_TOKEN: '',
      TELEGRAM_API_ROOT: '',
      SERVER_PORT: new URL(bridge.url).port,
    });
    await page.getByRole('status').filter({ hasText: 'complete' }).waitFor({ timeout: 30_000 });
    expect(await page.locator('.bot .body').textContent()).toContain('It begins. It ends.');
    expect(await page.locator('.bot .note').textContent()).toBe('');
  });
});

test('all that the page is made of is sent compressed, and its assets for good', async () => {
  const bridge = await serve('embedded');
  const page = await bridge.get('/', { accept: 'text/html' });
  const [, script = ''] = /src="(\/assets\/[^"]+\.js)"/.exec(await page.text()) ?? [];
  const sent = await bridge.get(script, { 'accept-encoding': 'gzip' });
  expect(sent.headers.get('content-encoding')).toBe('gzip');
  expect(Number(sent.headers.get('content-length'))).toBeLessThan(100_000);
  expect(sent.headers.get('cache-control')).toMatch(/immutable/);
  expect(sent.headers.get('vary')).toBe('accept-encoding');
  expect(page.headers.get('cache-control')).toBe('no-cache');
});
