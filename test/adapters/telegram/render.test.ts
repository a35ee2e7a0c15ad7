import { expect, test } from 'vitest';
import { renderForTelegram } from '../../../adapters/telegram/render.ts';
import type { Sealed } from '../../../src/core/ports/platform.ts';
import { randomMarkdown } from '../../text/random-markdown.ts';
import { seeded } from '../../text/seeded.ts';

const texts = (markdown: string, sealed?: Sealed) =>
  renderForTelegram(markdown, sealed).parts.map(({ text }) => text);

test('an answer of 20,000 characters is whole and in order, in messages that Telegram takes', () => {
  const paragraphs = Array.from(
    { length: 400 },
    (_, number) => `Paragraph ${number} says a little more than that.`,
  );
  const parts = texts(paragraphs.join('\n\n'));
  expect(parts.join('\n\n')).toBe(paragraphs.join('\n\n'));
  expect(parts.length).toBeGreaterThan(4);
  for (const part of parts) expect(part.length).toBeLessThanOrEqual(4_096);
});

test('the text is what the server will hold, so that the same text is known as the same', () => {
  expect(texts('\n a\tb\r\nc\u0000d\u2028e\u202ef\u030ag  \n')).toEqual(['a    b\nc d\nefg']);
});

test('half a character is not shown while the other half may come, and is mended when it does not', () => {
  expect(texts('Hi \ud83d')).toEqual(['Hi']);
  expect(texts('Hi \ud83d\ude00')).toEqual(['Hi 😀']);
  expect(texts('Hi \ud83d there')).toEqual(['Hi \ufffd there']);
});

test('TABs that become spaces do not make a part too long', () => {
  for (const part of texts('\tx'.repeat(6_000))) expect(part.length).toBeLessThanOrEqual(4_096);
});

test('what shows nothing is no message', () => {
  expect(renderForTelegram('\u200b \n\u2800')).toEqual({
    sealed: { parts: 0, offset: 0, carry: '' },
    parts: [],
  });
  expect(texts(`${'\u200b'.repeat(9_000)}x`)).toEqual(['x']);
});

test('rendering goes on from what is sealed, while an answer streams', () => {
  for (let seed = 0; seed < 30; seed++) {
    const random = seeded(seed);
    const source = randomMarkdown(random, 300);
    const settled: string[] = [];
    let sealed: Sealed | undefined;
    for (let end = 0; end < source.length; end += 1 + random.below(3_000)) {
      const rendered = renderForTelegram(source.slice(0, end), sealed);
      settled.push(...rendered.parts.slice(0, -1).map(({ text }) => text));
      sealed = rendered.sealed;
      expect(sealed.parts).toBe(settled.length);
    }
    expect([...settled, ...texts(source, sealed)]).toEqual(texts(source));
  }
});
