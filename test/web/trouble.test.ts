import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { serve } from '../adapters/http/served.ts';
import { ask, executablePath, openPage, send } from './browser.ts';

const key = 'cb_0123456789abcdefghij';

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
    // It is asked then, and once.
    await page.unroute('**/chat/stream');
    await page.reload();
    await page.getByRole('status').filter({ hasText: 'complete' }).waitFor();
    expect(bridge.questions().map(({ text }) => text)).toEqual(['hello out there']);
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
    await page.locator('.bot .note', { hasText: 'Trying to go on' }).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.locator('.trouble .note', { hasText: 'cannot be reached' }).waitFor();
  });

  test('tries an older question again in its place, and says something of any failure', async () => {
    const bridge = await serve('embedded');
    const { page } = await openPage();
    await page.goto(bridge.url);
    await page.route('**/chat/stream', (route) => route.fulfill({ status: 503, json: { wrong: true } }));
    await ask(page, 'one');
    expect(await page.locator('.trouble .note').textContent()).toBe('The bridge could not answer (503)');
    await page.unroute('**/chat/stream');
    bridge.coze.answer({ steps: [{ say: ['An answer.'] }] });
    await ask(page, 'two');
    bridge.coze.answer({ steps: [{ say: ['A late answer.'] }] });
    await page.getByRole('button', { name: 'Try again' }).press('Enter');
    await page.locator('.bot', { hasText: 'A late answer.' }).waitFor();
    const shown = ['one', 'A late answer.', 'two', 'An answer.'];
    expect((await page.locator('.body').allTextContents()).map((text) => text.trim())).toEqual(shown);
    expect(await page.evaluate('document.activeElement.id')).toBe('question');
    await page.reload();
    expect((await page.locator('.body').allTextContents()).map((text) => text.trim())).toEqual(shown);
  });

  test('asks again by itself, as the same question, where the connection broke before a reply', async () => {
    const bridge = await serve('embedded');
    const { page } = await openPage();
    await page.goto(bridge.url);
    const sent: unknown[] = [];
    let toBreak = 2;
    await page.route('**/chat/stream', async (route) => {
      const request = route.request();
      sent.push([request.headers()['idempotency-key'], request.postData()]);
      toBreak -= 1;
      if (toBreak < 0) return route.continue();
      // The bridge has heard it: what is lost is its reply.
      await route.fetch();
      await route.abort('connectionreset');
    });
    await send(page, 'hello');
    await page.locator('.bot .note', { hasText: 'Trying to go on' }).waitFor();
    await page.getByRole('status').filter({ hasText: 'complete' }).waitFor();
    expect(await page.locator('.bot .note').textContent()).toBe('');
    expect(sent).toHaveLength(3);
    expect(new Set(sent.map((each) => JSON.stringify(each))).size).toBe(1);
    // What was not asked after all is the same question when the reader tries it again.
    toBreak = 1;
    await send(page, 'and now?');
    await page.locator('.bot .note', { hasText: 'Trying to go on' }).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('status').filter({ hasText: 'complete' }).waitFor();
    expect(sent[4]).toEqual(sent[3]);
    expect(sent[3]).not.toEqual(sent[2]);
    expect((sent[3] as string[])[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(bridge.questions().map(({ text }) => text)).toEqual(['hello', 'and now?']);
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
