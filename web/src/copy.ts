import { announce } from './announce.ts';
import { word } from './words.ts';

const saidForMs = 2_500;

/** `seen`: where the text is on the page, for a reader who has to copy it by hand. */
export async function copy(text: string, seen: Node, pressed: HTMLButtonElement): Promise<void> {
  const isCopied = (await give(text)) || giveByCommand(text, seen);
  const said = word(isCopied ? 'copied' : 'copy-yourself');
  pressed.textContent = said;
  announce(said);
  setTimeout(() => {
    pressed.textContent = word('copy');
  }, saidForMs);
}

async function give(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * The older way, for pages of plain http: browsers give the clipboard only to pages of this machine and to those with a
 * certificate. Some copy nothing where nothing is selected; where it fails it stays so, for the reader.
 */
function giveByCommand(text: string, seen: Node): boolean {
  const selection = getSelection();
  selection?.selectAllChildren(seen);
  const put = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
  };
  document.addEventListener('copy', put, { once: true });
  const isDone = document.execCommand('copy');
  document.removeEventListener('copy', put);
  if (isDone) selection?.removeAllRanges();
  return isDone;
}
