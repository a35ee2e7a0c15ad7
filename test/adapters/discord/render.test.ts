import { expect, test } from 'vitest';
import { renderForDiscord } from '../../../adapters/discord/render.ts';
import { randomMarkdown } from '../../text/random-markdown.ts';
import { seeded } from '../../text/seeded.ts';

const texts = (markdown: string) => renderForDiscord(markdown).parts.map(({ text }) => text);

test('an answer is shown as it is written, in parts of at most 2,000 characters, numbered', () => {
  const lines = Array.from({ length: 300 }, (_, index) => `Line ${index}: **bold** _and_ ~~so~~ on.`);
  const { parts } = renderForDiscord(lines.join('\n'));
  expect(parts.map(({ text }) => text).join('\n')).toBe(lines.join('\n'));
  expect(parts.length).toBeGreaterThan(4);
  for (const { text } of parts) expect(text.length).toBeLessThanOrEqual(2_000);
  expect(parts.map(({ format }) => format)).toEqual(parts.map((_, nth) => ({ nth })));
});

test('a line that is too long is cut at exactly that', () => {
  expect(texts('x'.repeat(4_500)).map(({ length }) => length)).toEqual([2_000, 2_000, 500]);
});

test('what is settled need not be rendered again, and the numbers go on', () => {
  const markdown = `\`\`\`js\n${'const x = 1;\n'.repeat(400)}\`\`\`\nthe end`;
  const whole = renderForDiscord(markdown);
  const rest = renderForDiscord(markdown, renderForDiscord(markdown.slice(0, 3_000)).sealed);
  expect(rest.parts).toEqual(whole.parts.slice(1));
  expect(rest.sealed).toEqual(whole.sealed);
});

test('nothing that Discord would refuse or trim away is in a part', () => {
  expect(texts('')).toEqual([]);
  expect(texts(' \n\t\u200b\u00a0\u3000\u2028')).toEqual([]);
  expect(texts('  a\0b\ud800c\r\nd\u0007  ')).toEqual(['a b\ufffdc\nd']);
  expect(texts('```\n\tindented\n```')).toEqual(['```\n\tindented\n```']);
});

test('any text gives parts that Discord shows unchanged, and what comes later changes no part but the last', () => {
  for (let seed = 0; seed < 300; seed++) {
    const markdown = randomMarkdown(seeded(seed), 60) + randomMarkdown(seeded(seed + 1_000), 60);
    const { parts } = renderForDiscord(markdown);
    for (const { text } of parts) {
      expect(text).toBe(text.trim());
      expect(text).not.toBe('');
      expect(text.length).toBeLessThanOrEqual(2_000);
      expect(text).not.toMatch(/\p{Surrogate}/u);
    }
    const earlier = renderForDiscord(markdown.slice(0, seeded(seed).below(markdown.length))).parts;
    expect(parts.slice(0, earlier.length - 1)).toEqual(earlier.slice(0, -1));
  }
});
