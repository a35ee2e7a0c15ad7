import { expect, test } from 'vitest';
import { renderForDiscord } from '../../adapters/discord/render.ts';
import { renderForTelegram } from '../../adapters/telegram/render.ts';

const unseen = ['```\n', '[a]: x\n', '<br>', '$$\n', '[](x)', '# \n', '<br>\n'];

test.each(unseen)('what follows much of which nothing is seen is shown: %j', (text) => {
  for (const render of [renderForTelegram, renderForDiscord]) {
    const { parts } = render(
      `${text.repeat(2 * Math.ceil(10_000 / text.length))}\n${'A sentence. '.repeat(700)}`,
    );
    expect(parts.map((part) => part.text).join(' ')).toBe('A sentence. '.repeat(700).trim());
  }
});

test('brackets that nothing closes are shown as they are', () => {
  for (const text of ['![', '[a]['])
    expect(renderForTelegram(text.repeat(9)).parts.map((part) => part.text)).toEqual([text.repeat(9)]);
});
