import { describe, expect, test } from 'vitest';
import { serve } from '../adapters/http/served.ts';
import { ask, executablePath, openPage, send } from './browser.ts';

const focused = 'document.activeElement.id';

describe.skipIf(!executablePath)('writing', () => {
  test('an empty question is not sent, and one that is too long says so', async () => {
    const bridge = await serve('embedded');
    const { page, errors } = await openPage();
    await page.goto(bridge.url);
    for (const nothing of ['', '  \n', '\u3000', '\u200B\uFEFF\u2060']) await send(page, nothing);
    await send(page, 'x'.repeat(100_001));
    await page.getByText('100,001 characters; a message can have 100,000').first().waitFor();
    expect((await page.locator('#question').inputValue()).length).toBe(100_001);
    expect(await page.locator('article').count()).toBe(0);
    await ask(page, 'hello');
    expect(bridge.questions().map(({ text }) => text)).toEqual(['hello']);
    expect(errors).toEqual([]);
  });

  test('the field has the focus again after what was pressed is gone', async () => {
    const bridge = await serve('embedded', { SERVER_API_KEYS: 'cb_0123456789abcdefghij' });
    bridge.coze.answer({ steps: [{ say: ['Yes.'] }], followUps: ['Why?'] });
    const { page } = await openPage();
    await page.goto(bridge.url);
    await send(page, 'hello');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Try again' }).press('Enter');
    await page.locator('#key').fill('cb_0123456789abcdefghij');
    await page.keyboard.press('Enter');
    await page.locator('#lock').waitFor({ state: 'hidden' });
    expect(await page.evaluate(focused)).toBe('question');
    await page.getByRole('button', { name: 'Why?' }).press('Enter');
    await page.locator('.user', { hasText: 'Why?' }).waitFor();
    expect(await page.evaluate(focused)).toBe('question');
  });

  test('two tabs of a browser are one conversation, and neither loses what is said in the other', async () => {
    const bridge = await serve('embedded');
    const { page: first, errors } = await openPage();
    await first.goto(bridge.url);
    bridge.coze.answer({ steps: [{ say: ['One begins. '] }, { waitMs: 1_500 }, { say: ['One ends.'] }] });
    await send(first, 'one');
    await first.locator('.bot', { hasText: 'One begins.' }).waitFor();
    const second = await first.context().newPage();
    await second.goto(bridge.url);
    await second.locator('.bot[aria-busy="false"]', { hasText: 'One ends.' }).waitFor();
    bridge.coze.answer({ steps: [{ say: ['Two begins. '] }, { waitMs: 1_500 }, { say: ['Two ends.'] }] });
    await send(second, 'two');
    // It is seen in the other as it comes, and can be stopped there.
    await first.locator('.bot', { hasText: /Two begins\.\s*$/ }).waitFor();
    await first.getByRole('button', { name: 'Stop' }).click();
    await second.locator('.bot .note', { hasText: 'Stopped' }).waitFor();
    bridge.coze.answer({ steps: [{ say: ['An answer.'] }] });
    await ask(first, 'three');
    await second.locator('.bot', { hasText: 'An answer.' }).waitFor();
    for (const tab of [first, second]) {
      expect(await tab.locator('.user').allTextContents()).toEqual(['one', 'two', 'three']);
      await tab.reload();
      expect(await tab.locator('.user').allTextContents()).toEqual(['one', 'two', 'three']);
    }
    expect(new Set(bridge.questions().map(({ conversationId }) => conversationId)).size).toBe(1);
    await first.getByRole('button', { name: 'New conversation' }).click();
    await expect.poll(() => second.locator('article').count()).toBe(0);
    await ask(second, 'four');
    expect(await first.locator('.user').allTextContents()).toEqual(['four']);
    // A tab that is closed before it has heard anything leaves its question to the others.
    await second.route('**/chat/stream', () => undefined);
    await send(second, 'five');
    await second.close();
    await first.locator('.bot[aria-busy="false"]').nth(1).waitFor();
    expect(bridge.questions().at(-1)?.text).toBe('five');
    expect(errors).toEqual([]);
  });

  test('what is damaged in the browser’s store is left out', async () => {
    const bridge = await serve('embedded');
    const { page, errors } = await openPage();
    await page.goto(bridge.url);
    await ask(page, 'hello');
    const name = 'coze-bridge conversation';
    await page.evaluate(`(() => {
      const kept = JSON.parse(localStorage.getItem('${name}'));
      kept.lines.push(null, 5, { role: 'bot' }, { id: 'x', version: 1, role: 'user', text: 5 });
      localStorage.setItem('${name}', JSON.stringify({ ...kept, session: {}, followUps: [5, {}, 'Why?'] }));
    })()`);
    await page.reload();
    await page.getByRole('button', { name: 'Why?' }).waitFor();
    expect(await page.locator('article').count()).toBe(2);
    expect(await page.locator('#follow-ups button').count()).toBe(1);
    for (const junk of ['junk', '[]', '5', 'null', '{"id":"x"}', '{"id":"x","lines":5}']) {
      await page.evaluate(`localStorage.setItem('${name}', ${JSON.stringify(junk)})`);
      await page.reload();
      await ask(page, 'hello');
    }
    expect(errors).toEqual([]);
  });

  test('without scripts the page says what it needs', async () => {
    const bridge = await serve('embedded');
    const { page } = await openPage({ javaScriptEnabled: false });
    await page.goto(bridge.url);
    // What is in a noscript is hidden from queries, and seen by people.
    expect(await page.locator('body').innerText()).toContain('This page needs JavaScript.');
    expect(await page.getByRole('button').count()).toBe(0);
  });
});
