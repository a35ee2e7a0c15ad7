const opening = '<think>';
const closing = '</think>';

interface Parted {
  readonly text: string;
  readonly reasoning: string;
}

/**
 * Tells the thoughts apart that some models write into the answer itself, between `<think>` and `</think>` at its
 * beginning. Until they are closed nothing is text; an answer that ends without closing them had none: it spoke of the tag.
 */
export function partThoughts(answer: string, isWhole: boolean): Parted {
  const start = answer.trimStart().slice(0, opening.length);
  if (start !== opening) {
    const mayBecome = !isWhole && start !== '' && opening.startsWith(start);
    return { text: mayBecome ? '' : answer, reasoning: '' };
  }
  const begin = answer.indexOf(opening) + opening.length;
  const end = answer.indexOf(closing, begin);
  if (end !== -1)
    return {
      text: answer.slice(end + closing.length).trimStart(),
      reasoning: answer.slice(begin, end).trim(),
    };
  return isWhole ? { text: answer, reasoning: '' } : { text: '', reasoning: answer.slice(begin).trim() };
}
