import { describe, expect, test } from 'vitest';
import {
  renderForTelegram,
  renderRichForTelegram,
  telegramFlavour,
} from '../../../adapters/telegram/render.ts';
import { toParts } from '../../../src/text/parts.ts';
import { nastyDocuments } from '../../text/nasty.ts';
import { expectStable, fuzz, type Render } from '../../text/properties.ts';
import { entitiesOf, expectValid } from './valid.ts';

/** As the renderer, for smaller messages. */
function small(limit: number): Render {
  const flavour = telegramFlavour(limit);
  return (...from) => {
    const { parts, sealed } = toParts(from[0], flavour, from[1], from[2]);
    return {
      sealed,
      parts: parts.map(({ text, entities }) => ({
        text,
        format: { entities: entities.map((one) => ({ ...one })) },
      })),
    } as ReturnType<Render>;
  };
}

describe('whatever the text is, Telegram takes its parts, and what comes later changes only the last one', () => {
  test('in ten thousand random documents', { timeout: 120_000 }, () => {
    const limit = (random: { below(end: number): number }) => 150 + random.below(300);
    fuzz({ documents: 10_000, blocks: 3, firstSeed: 1, render: small, expectValid, limit });
  });

  test('in long ones, with messages of real size', { timeout: 120_000 }, () => {
    const render = (limit: number) => (limit > 4_096 ? small(limit) : renderForTelegram);
    fuzz({ documents: 40, blocks: 60, firstSeed: 20_000, render, expectValid, limit: () => 4_096 });
  });

  test.each(nastyDocuments)('at every character of %j', (source) => {
    const ends = Array.from({ length: source.length + 1 }, (_, end) => end);
    for (const limit of [90, 4_096]) expectStable(small(limit), source, ends);
    for (const end of ends)
      for (const growing of [true, false])
        for (const part of renderForTelegram(source.slice(0, end), undefined, growing).parts)
          expectValid(part);
  });

  test('with the source of rich messages beside it', () => {
    for (const source of nastyDocuments) {
      const plain = renderForTelegram(source);
      const rich = renderRichForTelegram(source);
      expect(rich.sealed).toEqual(plain.sealed);
      expect(rich.parts.map(entitiesOf)).toEqual(plain.parts.map(entitiesOf));
      for (const { format } of rich.parts) expect((format as { rich: string }).rich).not.toBe('');
    }
  });
});
