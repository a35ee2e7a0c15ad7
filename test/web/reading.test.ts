import { describe, expect, test } from 'vitest';
import { serve } from '../adapters/http/served.ts';
import { ask, executablePath, openPage, send } from './browser.ts';

const formatted = [
  '# First\n\n###### Sixth',
  '- [ ] to do\n- [x] done\n- [link](https://example.com/1)',
  '[![badge](https://example.com/b.png)](https://example.com/2) [![](https://example.com/c.png)](https://example.com/3)',
  'مرحبا',
  '```js\nconst tide = 6;\n```\n\n    indented',
].join('\n\n');

const selected = 'String(getSelection())';

describe.skipIf(!executablePath)('reading an answer', () => {
  test('its headings are below the page’s, its tasks have boxes, and each text begins at its own side', async () => {
    const bridge = await serve('embedded');
    bridge.coze.answer({ steps: [{ say: [formatted] }], usage: { input: 1_200, output: 34 } });
    const { page } = await openPage();
    await page.goto(bridge.url);
    await page.getByRole('heading', { name: 'Hello!' }).waitFor();
    await ask(page, 'hello');
    expect(await page.getByRole('heading', { level: 1 }).allTextContents()).toEqual(['coze-bridge']);
    await page.getByRole('heading', { level: 2, name: 'First' }).waitFor();
    await page.getByRole('heading', { level: 6, name: 'Sixth' }).waitFor();
    await page
      .getByRole('listitem')
      .filter({ hasText: 'to do' })
      .getByRole('img', { name: 'To do' })
      .waitFor();
    await page.getByRole('listitem').filter({ hasText: 'done' }).getByRole('img', { name: 'Done' }).waitFor();
    expect(await page.locator('li').allTextContents()).toEqual(['to do', 'done', 'link']);
    expect(await page.locator('a button').count()).toBe(0);
    expect(await page.locator('.body p a').allTextContents()).toEqual(['badge', 'https://example.com/3']);
    const direction = await page.evaluate(
      `[...document.querySelectorAll('.bot p, .bot .code')].map((found) => getComputedStyle(found).direction)`,
    );
    expect(direction).toEqual(['ltr', 'rtl', 'ltr', 'ltr', 'ltr']);
    expect(await page.locator('.bot footer span').textContent()).toBe('1,234 tokens');
    // The finished text is told to who does not see it, without the labels of what can be pressed.
    const said = await page.getByRole('status').textContent();
    expect(said).toMatch(/complete\..*First.*const tide = 6;/s);
    expect(said).not.toContain('Copy');
    bridge.coze.answer({ steps: [{ say: ['x'] }], usage: { input: 0, output: 1 } });
    await ask(page, 'again');
    expect(await page.locator('.bot footer span').last().textContent()).toBe('1 token');
  });

  test('what is selected, and an image that was opened, stay while it grows', async () => {
    const bridge = await serve('embedded');
    const begin = 'First words.\n\n![](https://example.com/x.png)\n\nLast words and m';
    const more = Array.from({ length: 20 }, (_, index) => `ore${index} `);
    bridge.coze.answer({ steps: [{ say: [begin] }, { waitMs: 1_500 }, { say: more, everyMs: 20 }] });
    const { page } = await openPage();
    await page.route('https://example.com/**', (route) => route.fulfill({ status: 404 }));
    await page.goto(bridge.url);
    await send(page, 'hello');
    await page.getByRole('button', { name: 'Show image' }).press('Enter');
    expect(await page.evaluate('document.activeElement.tagName')).toBe('IMG');
    // It begins in the text that grows.
    await page.evaluate(`getSelection().setBaseAndExtent(
      document.querySelector('.bot p').firstChild, 6, document.querySelector('.bot p:last-child').firstChild, 10)`);
    const before = await page.evaluate(selected);
    expect(before).toMatch(/^words\..*Last words$/s);
    await page.getByRole('status').filter({ hasText: 'complete' }).waitFor();
    expect(await page.locator('.bot .body').textContent()).toContain('more0 ore1');
    expect(await page.evaluate(selected)).toBe(before);
    expect(await page.locator('.bot img').count()).toBe(1);
  });

  test('is copied, or selected where the browser does not let it be', async () => {
    const bridge = await serve('embedded');
    bridge.coze.answer({ steps: [{ say: ['Some **text**.\n\n```js\nconst tide = 6;\n```'] }] });
    const { page, errors } = await openPage();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(bridge.url);
    await ask(page, 'hello');
    const button = page.locator('.bot footer').getByRole('button', { name: /Copy|Copied|Selected/ });
    await button.click();
    await page.getByRole('status').filter({ hasText: 'Copied' }).waitFor();
    expect(await button.textContent()).toBe('Copied');
    expect(await page.evaluate('navigator.clipboard.readText()')).toMatch(/^Some \*\*text\*\*/);
    await page.getByRole('button', { name: 'Copy code' }).click();
    await expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toBe('const tide = 6;\n');
    await expect.poll(() => button.textContent(), { timeout: 5_000 }).toBe('Copy');
    // A page of plain http has no clipboard, but the older way.
    await page.evaluate(
      `Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })`,
    );
    await button.click();
    await page.locator('#question').press('ControlOrMeta+v');
    expect(await page.locator('#question').inputValue()).toMatch(/^Some \*\*text\*\*/);
    await page.evaluate('document.execCommand = () => false');
    await page.getByRole('button', { name: 'Copy code' }).click();
    await page.getByRole('status').filter({ hasText: 'Selected' }).waitFor();
    expect(await page.evaluate(selected)).toContain('const tide = 6;');
    expect(errors).toEqual([]);
  });

  test('its end is one press away for who has scrolled up', async () => {
    const bridge = await serve('embedded');
    bridge.coze.answer({ steps: [{ say: ['A line.\n\n'.repeat(60)] }] });
    const { page } = await openPage();
    await page.goto(bridge.url);
    await ask(page, 'hello');
    const toEnd = page.getByRole('button', { name: 'To the end' });
    expect(await toEnd.isVisible()).toBe(false);
    await page.locator('#transcript').hover();
    await page.mouse.wheel(0, -800);
    await toEnd.press('Enter');
    await toEnd.waitFor({ state: 'hidden' });
    expect(await page.evaluate('document.activeElement.id')).toBe('transcript');
    await page.locator('.bot footer').getByRole('button').click({ trial: true });
  });
});
