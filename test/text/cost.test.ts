import { expect, test } from 'vitest';
import { renderForDiscord } from '../../adapters/discord/render.ts';
import { renderForTelegram } from '../../adapters/telegram/render.ts';

const unseen = ['```\n', '[a]: x\n', '<br>', '$$\n', '[](x)', '# \n', '<br>\n'];

test.each(unseen)('60 KB of %j, of which nothing is seen, take no time', (text) => {
  const begin = performance.now();
  renderForTelegram(text.repeat(60_000 / text.length));
  renderForDiscord(text.repeat(60_000 / text.length), undefined, true);
  // Some tenths of it here; each alone took longer when every step was as short as those of a text that is seen.
  expect(performance.now() - begin).toBeLessThan(2_500);
});

test.each(unseen)('and what follows them is shown: %j', (text) => {
  for (const render of [renderForTelegram, renderForDiscord]) {
    const { parts } = render(
      `${text.repeat(2 * Math.ceil(10_000 / text.length))}\n${'A sentence. '.repeat(700)}`,
    );
    expect(parts.map((part) => part.text).join(' ')).toBe('A sentence. '.repeat(700).trim());
  }
});

test('brackets that nothing closes take no time', () => {
  const begin = performance.now();
  for (const render of [renderForTelegram, renderForDiscord])
    expect(render('!['.repeat(20_000)).parts.length).toBeGreaterThan(1);
  expect(performance.now() - begin).toBeLessThan(2_000);
});

test('and are shown as they are', () => {
  for (const text of ['![', '[a]['])
    expect(renderForTelegram(text.repeat(9)).parts.map((part) => part.text)).toEqual([text.repeat(9)]);
});
