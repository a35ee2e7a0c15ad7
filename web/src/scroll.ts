import { find } from './find.ts';

export const transcript = find('transcript');
// Who has no mouse scrolls it too.
transcript.tabIndex = 0;
const toEnd = find('to-end');

/** Who has scrolled up to read is not dragged down. */
let isFollowed = true;
let lastTop = 0;

const distance = () => transcript.scrollHeight - transcript.scrollTop - transcript.clientHeight;

export function follow(): void {
  if (isFollowed) transcript.scrollTop = transcript.scrollHeight;
  // Not for a line or two.
  toEnd.hidden = distance() < 100;
}

export function goToEnd(): void {
  isFollowed = true;
  follow();
}

/** The reader looks at something further up. */
export function stay(): void {
  isFollowed = false;
}

transcript.addEventListener('scroll', () => {
  // What has come below meanwhile moves the end away, and nobody has scrolled up.
  if (distance() < 40) isFollowed = true;
  else if (transcript.scrollTop < lastTop) isFollowed = false;
  lastTop = transcript.scrollTop;
  toEnd.hidden = isFollowed || distance() < 100;
});
// Suggestions, and a question of many lines, take room from it.
new ResizeObserver(follow).observe(transcript);

toEnd.addEventListener('click', () => {
  goToEnd();
  // The button is gone now.
  transcript.focus();
});
