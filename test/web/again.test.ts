import { describe, expect, test } from 'vitest';
import { serve } from '../adapters/http/served.ts';
import { ask, executablePath, openPage, send } from './browser.ts';

describe.skipIf(!executablePath)('what the page tries again', () => {
  test('asks again by itself, as the same question, where what has failed passes', async () => {
    const bridge = await serve('embedded');
    const { page } = await openPage();
    await page.goto(bridge.url);
    const sent: unknown[] = [];
    const passing = [
      { status: 502, body: 'Bad Gateway' },
      { status: 503, headers: { 'retry-after': '1' }, json: { detail: 'The store is away.' } },
    ];
    const told = { status: 503, json: { detail: 'Somebody is needed.' } };
    const answers = [...passing, undefined, told, undefined, { status: 422, json: {} }, undefined];
    await page.route('**/chat/stream', async (route) => {
      sent.push(route.request().headers()['idempotency-key']);
      const answer = answers.shift();
      if (!answer) return route.continue();
      // The bridge has heard it: a proxy on the way says otherwise.
      if (answer !== told) await route.fetch();
      await route.fulfill(answer);
    });
    await send(page, 'hello');
    await page.locator('.bot .note', { hasText: 'The store is away.' }).waitFor();
    await page.locator('.bot footer button', { hasText: 'Copy' }).waitFor();
    expect(await page.locator('.trouble').count()).toBe(0);
    expect([sent.length, new Set(sent).size]).toEqual([3, 1]);
    expect(bridge.questions().map(({ text }) => text)).toEqual(['hello']);
    // What takes somebody's help is told at once, and is the same question afterwards.
    await ask(page, 'and now?');
    expect(await page.locator('.trouble .note').textContent()).toBe('Somebody is needed.');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.bot footer button', { hasText: 'Copy' }).nth(1).waitFor();
    expect(sent[4]).toBe(sent[3]);
    // What was refused is not.
    await ask(page, 'and then?');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.bot footer button', { hasText: 'Copy' }).nth(2).waitFor();
    expect(sent[6]).not.toBe(sent[5]);
  });

  test('an answer that was lost on the way is followed again, and one that has failed is asked for again', async () => {
    const bridge = await serve('embedded');
    const { page } = await openPage();
    await page.goto(bridge.url);
    bridge.coze.answer({ steps: [{ say: ['It begins. '] }, { waitMs: 1_500 }, { say: ['It ends.'] }] });
    let refusal: { status: number; json: object } | undefined;
    await page.route('**/chat/stream/*', (route) => (refusal ? route.fulfill(refusal) : route.continue()));
    const lose = async (question: string, status: number) => {
      refusal = { status, json: { detail: `It says ${status}.` } };
      await send(page, question);
      await page.locator('.bot[aria-busy="true"]', { hasText: 'It begins.' }).waitFor();
      // A reload is a connection that breaks.
      await page.reload();
      await page.locator('.trouble').waitFor();
      refusal = undefined;
      await page.getByRole('button', { name: 'Try again' }).click();
    };
    const answered = page.locator('.bot footer button', { hasText: 'Copy' });
    await lose('one', 503);
    await answered.first().waitFor();
    expect(await page.locator('.bot .body').textContent()).toContain('It begins. It ends.');
    expect(bridge.questions()).toHaveLength(1);
    await lose('two', 404);
    await answered.nth(1).waitFor();
    expect(bridge.questions()).toHaveLength(3);
    bridge.coze.answer({ steps: [], end: { status: 'failed', code: 4028, msg: 'quota' } });
    await send(page, 'three');
    await page.locator('.trouble').waitFor();
    bridge.coze.answer({ steps: [{ say: ['Here.'] }] });
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.bot', { hasText: 'Here.' }).waitFor();
    expect(bridge.questions()).toHaveLength(5);
  });

  test('gives up after eight tries that have brought nothing new', async () => {
    const bridge = await serve('embedded');
    const { page } = await openPage();
    // Its pauses are shorter.
    await page.addInitScript(
      'const later = setTimeout; window.setTimeout = (what, ms) => later(what, ms / 100);',
    );
    let heard = 0;
    // Each connection breaks, and all is told again each time.
    await page.route('**/chat/stream**', (route) => {
      heard += 1;
      const pieces = Array.from({ length: Math.min(heard, 12) }, (_, at) => `${at + 1} `);
      const events = pieces.map((content, at) => ({ type: 'chunk', data: { content, chunk_index: at } }));
      return route.fulfill({
        headers: { 'content-type': 'text/event-stream', 'x-message-id': 'm', 'x-session-id': 's' },
        body: events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''),
      });
    });
    await page.goto(bridge.url);
    await ask(page, 'count');
    expect(await page.locator('.trouble .note').textContent()).toMatch(/cannot be reached/);
    expect(await page.locator('.bot .body').textContent()).toContain('11 12');
    expect(heard).toBe(12 + 8);
  });
});
