import type { StateInline } from 'markdown-it';

/** Words are next to the mark on the inside, and none on the outside: `a || b` and `a||b` are code. */
export const mayOpenSpoiler = (text: string, at: number): boolean =>
  /^[^\s|]/.test(text.slice(at + 2, at + 3)) && !/[\w)\]|\\]$/.test(text.slice(Math.max(0, at - 1), at));

export const mayCloseSpoiler = (text: string, at: number): boolean =>
  /[^\s|]$/.test(text.slice(Math.max(0, at - 1), at)) && !/^[\w(|]/.test(text.slice(at + 2, at + 3));

export function spoiler(state: StateInline, silent: boolean): boolean {
  const { pos, src, posMax } = state;
  if (!src.startsWith('||', pos) || !mayOpenSpoiler(src, pos)) return false;
  const end = spoilerEnd(src, pos + 3);
  if (end === -1 || end + 2 > posMax) return false;
  if (!silent) {
    state.push('spoiler_open', '', 1);
    state.pos = pos + 2;
    state.posMax = end;
    state.md.inline.tokenize(state);
    state.push('spoiler_close', '', -1);
  }
  state.pos = end + 2;
  state.posMax = posMax;
  return true;
}

function spoilerEnd(src: string, from: number): number {
  for (let at = src.indexOf('||', from); at !== -1; at = src.indexOf('||', at + 1))
    if (mayCloseSpoiler(src, at)) return at;
  return -1;
}
