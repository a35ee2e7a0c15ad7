import { describe, expect, test } from 'vitest';
import { discordFlavour, renderForDiscord } from '../../../adapters/discord/render.ts';
import type { Part } from '../../../src/core/message.ts';
import { toParts } from '../../../src/text/parts.ts';
import { nastyDocuments } from '../../text/nasty.ts';
import { expectStable, fuzz, type Render } from '../../text/properties.ts';

/** As the renderer, for smaller messages. */
function small(limit: number): Render {
  const flavour = discordFlavour(limit);
  return (...from) => {
    const { parts, sealed } = toParts(from[0], flavour, from[1], from[2]);
    return { sealed, parts: parts.map((text) => ({ text })) };
  };
}

/** Discord takes it, and shows it as it is: fences are closed, and nothing is trimmed. */
function expectValid({ text }: Part, limit = 2_000): void {
  const isProper =
    text !== '' && text.length <= limit && text === text.trim() && !/[\p{Surrogate}\0]/u.test(text);
  if (!isProper) expect.fail(`no proper text: ${JSON.stringify(text)}`);
  if ((text.match(/```/g)?.length ?? 0) % 2 === 1) expect.fail(`an open fence: ${JSON.stringify(text)}`);
}

describe('whatever the text is, Discord takes its parts, and what comes later changes only the last one', () => {
  test('in ten thousand random documents', { timeout: 120_000 }, () => {
    const limit = (random: { below(end: number): number }) => 150 + random.below(300);
    fuzz({ documents: 10_000, blocks: 3, firstSeed: 1, render: small, expectValid, limit });
  });

  test('in long ones, with messages of real size', { timeout: 120_000 }, () => {
    const render = (limit: number) => (limit > 2_000 ? small(limit) : renderForDiscord);
    fuzz({ documents: 40, blocks: 60, firstSeed: 20_000, render, expectValid, limit: () => 2_000 });
  });

  test.each(nastyDocuments)('at every character of %j', (source) => {
    const ends = Array.from({ length: source.length + 1 }, (_, end) => end);
    for (const limit of [90, 2_000]) expectStable(small(limit), source, ends);
    for (const end of ends)
      for (const growing of [true, false])
        for (const part of renderForDiscord(source.slice(0, end), undefined, growing).parts)
          expectValid(part);
  });
});
