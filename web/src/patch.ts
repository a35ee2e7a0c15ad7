/**
 * Makes what a node contains like what another one contains, and leaves alone whatever is so already: what a reader has
 * selected there stays selected, and where they are they stay, while the answer grows.
 */
export function patch(shown: Node, wanted: Node): void {
  const before = [...shown.childNodes];
  const after = [...wanted.childNodes];
  for (const left of before.slice(after.length)) left.remove();
  for (const [index, want] of after.entries()) {
    const has = before[index];
    if (!has) shown.appendChild(want);
    else if (!isAsWanted(has, want) && !reshape(has, want)) shown.replaceChild(want, has);
  }
}

function isAsWanted(has: Node, want: Node): boolean {
  if (has.isEqualNode(want)) return true;
  if (!(has instanceof Element && want instanceof HTMLElement)) return false;
  // What readers have done to it is theirs: a code that says it is copied, an image that they have opened.
  const isOpened = has.matches('img') && has.getAttribute('src') === want.dataset.image;
  return isOpened || (has.matches('button.copy') && want.matches('button.copy'));
}

function reshape(has: Node, want: Node): boolean {
  if (has instanceof Text && want instanceof Text) {
    extend(has, want.data);
    return true;
  }
  if (!(has instanceof Element && want instanceof Element) || has.tagName !== want.tagName) return false;
  for (const name of has.getAttributeNames()) if (!want.hasAttribute(name)) has.removeAttribute(name);
  for (const { name, value } of want.attributes)
    if (has.getAttribute(name) !== value) has.setAttribute(name, value);
  patch(has, want);
  return true;
}

/** A selection ends where the text is replaced, so only what differs is. */
function extend(has: Text, want: string): void {
  let same = 0;
  while (same < has.length && has.data[same] === want[same]) same += 1;
  has.replaceData(same, has.length - same, want.slice(same));
}
