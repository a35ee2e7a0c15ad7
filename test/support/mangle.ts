/** Puts `junk` somewhere in `tree`. */
export function mangle(tree: unknown, junk: unknown, below: (end: number) => number): void {
  let node = tree as Record<string, unknown>;
  for (;;) {
    const keys = Object.keys(node);
    const key = keys[below(keys.length)];
    if (key === undefined) return;
    const child = node[key];
    const isLeaf = typeof child !== 'object' || child === null;
    if (isLeaf || below(4) === 0) {
      node[key] = junk;
      return;
    }
    node = child as Record<string, unknown>;
  }
}
