import { expect } from 'vitest';
import type { Part } from '../../src/core/message.ts';
import type { Rendered } from '../../src/core/ports/platform.ts';
import type { Sealed } from '../../src/text/parts.ts';
import { numberedMarkdown, randomMarkdown, wordsIn } from './random-markdown.ts';
import { type Seeded, seeded } from './seeded.ts';

export type Render = (markdown: string, sealed?: Sealed, growing?: boolean) => Rendered;

/**
 * All parts but the last of the text so far are parts of the whole text, none vanishes, and going on from what is
 * sealed gives the same parts.
 */
export function expectStable(render: Render, source: string, ends: Iterable<number>): void {
  const whole = render(source).parts;
  const settled: Part[] = [];
  let sealed: Sealed | undefined;
  let before = 0;
  for (const end of ends) {
    const sofar = source.slice(0, end);
    const { parts } = render(sofar, undefined, true);
    const rest = render(sofar, sealed, true);
    settled.push(...rest.parts.slice(0, rest.sealed.parts - settled.length));
    sealed = rest.sealed;
    expectSame([...settled, ...rest.parts.slice(-1)], parts, `going on at ${end} of`, source);
    expectSame(
      parts.slice(0, -1),
      whole.slice(0, Math.max(0, parts.length - 1)),
      `the parts at ${end} of`,
      source,
    );
    if (parts.length < before - 1) expect.fail(`parts vanish at ${end} of ${JSON.stringify(source)}`);
    before = parts.length;
  }
  expectSame([...settled, ...render(source, sealed).parts], whole, 'the end of', source);
}

function expectSame(parts: readonly Part[], expected: readonly Part[], what: string, source: string): void {
  if (JSON.stringify(parts) === JSON.stringify(expected)) return;
  expect(parts, `${what} ${JSON.stringify(source)}`).toEqual(expected);
}

interface Fuzz {
  readonly documents: number;
  readonly blocks: number;
  readonly firstSeed: number;
  /** For messages of at most so many units. */
  render(limit: number): Render;
  /** Throws when the platform would not take the message, or not show just that. */
  expectValid(part: Part, limit: number): void;
  limit(random: Seeded): number;
}

/** Random documents, cut at a random place: stable, valid, and with each word once and in order. */
export function fuzz({ documents, blocks, firstSeed, render, expectValid, limit }: Fuzz): void {
  for (let seed = firstSeed; seed < firstSeed + documents; seed++) {
    const random = seeded(seed);
    const most = limit(random);
    const source = (seed % 4 === 0 ? numberedMarkdown : randomMarkdown)(random, blocks);
    expectStable(render(most), source, [random.below(source.length + 1)]);
    const { parts } = render(most)(source);
    for (const part of parts) expectValid(part, most);
    if (seed % 4 !== 0) continue;
    const shown = wordsIn(parts.map(({ text }) => text));
    const expected = wordsIn(render(1_000_000)(source).parts.map(({ text }) => text));
    if (shown.join() !== expected.join()) expect(shown, JSON.stringify(source)).toEqual(expected);
  }
}
