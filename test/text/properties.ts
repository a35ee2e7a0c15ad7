import { expect } from 'vitest';
import type { Rendered, Sealed } from '../../src/core/ports/platform.ts';
import type { Seeded } from './seeded.ts';

export type Render = (markdown: string, sealed?: Sealed, growing?: boolean) => Rendered;

/** All parts but the last of the text so far are parts of every longer text. */
export function expectStable(render: Render, source: string, ends: Iterable<number>): void {
  const whole = render(source).parts;
  let before: { readonly end: number; readonly parts: Rendered['parts'] } | undefined;
  let sealed: Sealed | undefined;
  const settled: Rendered['parts'][number][] = [];
  const fail = (problem: string, end: number, ...shown: unknown[]) =>
    expect.fail(`${problem} at ${end} of ${JSON.stringify(source)}: ${JSON.stringify(shown)}`);
  for (const end of ends) {
    const text = source.slice(0, end);
    const { parts } = render(text, undefined, true);
    const rest = render(text, sealed, true);
    settled.push(...rest.parts.slice(0, rest.sealed.parts - settled.length));
    sealed = rest.sealed;
    const resumed = [...settled, ...rest.parts.slice(-1)];
    if (JSON.stringify(resumed) !== JSON.stringify(parts)) fail('resuming differs', end, resumed, parts);
    for (const [index, part] of parts.slice(0, -1).entries())
      if (JSON.stringify(part) !== JSON.stringify(whole[index]))
        fail(`part ${index} moves`, end, part, whole[index]);
    if (before && parts.length < before.parts.length - 1) fail('parts vanish', end, before.parts, parts);
    before = { end, parts };
  }
  const last = render(source, sealed).parts;
  const all = [...settled, ...last].slice(0, Math.max(settled.length + last.length, 0));
  if (JSON.stringify(all) !== JSON.stringify(whole)) fail('the end differs', source.length, all, whole);
}

/** Some places to cut a document at, in order. */
export const someEnds = (random: Seeded, length: number, most: number): number[] =>
  random.times(1, most, () => random.below(length + 1)).sort((one, other) => one - other);
