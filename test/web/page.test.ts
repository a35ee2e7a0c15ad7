import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { serve } from '../adapters/http/served.ts';
import { executablePath, openPage } from './browser.ts';

const answer =
  '# Tides\n\nThe **moon** pulls the sea.\n\n```js\nconst tide = 6;\n```\n\n| high | low |\n|---|--:|\n| 6 m | 1 m |';
const evil = [
  '<img src=x onerror="window.hurt = 1">',
  '[click](javascript:window.hurt=2)',
  '<script>window.hurt = 3</script>',
  '![seen](https://example.com/x.png)',
  '[a"onmouseover="window.hurt=4](https://example.com)',
].join('\n\n');

const distanceToEnd = `(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight)(
  document.getElementById('transcript'))`;

describe.skipIf(!executablePath)('the page', () => {
  test('shows an answer as it streams, formatted, with suggestions and what it took', async () => {
    const bridge = await serve('embedded');
    const [first, ...rest] = [answer.slice(0, 40), answer.slice(40)];
    bridge.coze.answer({
      steps: [{ say: [first ?? ''] }, { waitMs: 700 }, { say: rest }],
      followUps: ['Why six?'],
    });
    const { page, errors } = await openPage();
    await page.goto(bridge.url);
    await page.getByRole('textbox', { name: 'Write a message' }).fill('What of the tides?');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Tides' }).waitFor();
    expect(await page.getByRole('button', { name: 'Stop' }).isVisible()).toBe(true);
    await page.locator('code .hljs-keyword', { hasText: 'const' }).waitFor();
    await page.getByRole('cell', { name: '6 m' }).waitFor();
    await page.getByRole('status').filter({ hasText: 'complete' }).waitFor();
    expect(await page.locator('.bot strong').textContent()).toBe('moon');
    expect(await page.locator('.bot footer').textContent()).toMatch(/\d+ tokens/);
    // Nothing of it is hidden, though the suggestions have taken room.
    expect(await page.evaluate(distanceToEnd)).toBeLessThan(2);
    await page.getByRole('button', { name: 'Why six?' }).click();
    await page.locator('.user', { hasText: 'Why six?' }).waitFor();
    await page.getByRole('status').filter({ hasText: 'complete' }).waitFor();
    expect(errors).toEqual([]);
    expect(bridge.questions().map(({ text }) => text)).toEqual(['What of the tides?', 'Why six?']);
  });

  test('goes on where it was after a reload, and stops', async () => {
    const bridge = await serve('embedded');
    bridge.coze.answer({ steps: [{ say: ['It begins. '] }, { waitMs: 1_500 }, { say: ['It ends.'] }] });
    const { page, errors } = await openPage();
    await page.goto(bridge.url);
    const send = async (text: string) => {
      await page.getByRole('textbox').fill(text);
      await page.keyboard.press('Enter');
    };
    await send('hello');
    await page.locator('.bot', { hasText: 'It begins.' }).waitFor();
    await page.reload();
    await page.locator('.bot', { hasText: 'It begins. It ends.' }).waitFor();
    expect(await page.locator('article').count()).toBe(2);
    expect(bridge.questions()).toHaveLength(1);
    await send('again');
    await page.locator('.bot').nth(1).filter({ hasText: 'It begins.' }).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('status').filter({ hasText: 'Stopped.' }).waitFor();
    await page.getByRole('button', { name: 'New conversation' }).click();
    expect(await page.locator('article').count()).toBe(0);
    await send('and now?');
    await page.locator('.bot', { hasText: 'It begins. It ends.' }).waitFor();
    const conversations = bridge.questions().map(({ conversationId }) => conversationId);
    expect(conversations[1]).toBe(conversations[0]);
    expect(conversations[2]).not.toBe(conversations[0]);
    expect(errors).toEqual([]);
  });

  test('lets nothing that is written there do anything', async () => {
    const bridge = await serve('embedded');
    bridge.coze.answer({ steps: [{ say: [evil] }] });
    const { page } = await openPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).host));
    await page.goto(bridge.url);
    await page.getByRole('textbox').fill(evil);
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: 'complete' }).waitFor();
    for (const link of await page.locator('.bot a').all()) await link.hover();
    expect(await page.evaluate('window.hurt')).toBeUndefined();
    expect(await page.locator('.body img, .body script').count()).toBe(0);
    const links = await page
      .locator('.bot a')
      .evaluateAll((found) => found.map((link) => link.getAttribute('href')));
    expect(links.length).toBeGreaterThan(0);
    expect(links.every((link) => link?.startsWith('https://'))).toBe(true);
    expect(new Set(asked)).toEqual(new Set([new URL(bridge.url).host]));
    const { headers } = await bridge.get('/', { accept: 'text/html' });
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*script-src 'self';/);
  });

  test('asks for a key where one is needed, and says in words what has failed', async () => {
    const key = 'cb_0123456789abcdefghij';
    const bridge = await serve('embedded', { SERVER_API_KEYS: key });
    const { page } = await openPage();
    await page.goto(bridge.url);
    await page.getByRole('textbox', { name: 'Write a message' }).fill('hello');
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'This bridge asks for a key:' }).fill('cb_wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'That key was not accepted. Try another:' }).fill(key);
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: 'complete' }).waitFor();
    expect(await page.evaluate('JSON.stringify({ ...localStorage })')).not.toContain(key);
    await bridge.gateway.stop('SIGKILL');
    await page.getByRole('textbox').fill('still there?');
    await page.keyboard.press('Enter');
    await page.locator('.bot .note', { hasText: 'Trying to go on' }).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.locator('.trouble', { hasText: 'cannot be reached' }).waitFor();
    await page.getByRole('button', { name: 'Try again' }).waitFor();
  });

  test.each([
    { theme: 'light', locale: 'en-GB', width: 900 },
    { theme: 'dark', locale: 'zh-CN', width: 360 },
  ] as const)('can be read by everybody: $theme, $locale, $width px wide', async (look) => {
    const bridge = await serve('embedded');
    bridge.coze.answer({ steps: [{ say: [answer] }], followUps: ['Why six?'] });
    const { page, errors } = await openPage(look);
    await page.goto(bridge.url);
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    await page.evaluate(axe);
    const findings = async () => {
      const { violations } = (await page.evaluate('axe.run()')) as {
        violations: { id: string; impact: string }[];
      };
      return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    };
    expect(await findings()).toEqual([]);
    await page.getByRole('textbox').fill('What of the tides?');
    await page.keyboard.press('Enter');
    await page.locator('.bot footer button').waitFor();
    expect(await findings()).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(look.width);
    if (look.locale === 'zh-CN')
      expect(await page.getByRole('button', { name: '发送' }).isVisible()).toBe(true);
    expect(errors).toEqual([]);
  });
});
