import { key } from './api.ts';
import { find } from './find.ts';
import { word } from './words.ts';

const lock = find<HTMLDialogElement>('lock');
const field = find<HTMLInputElement>('key');

let asking: Promise<boolean> | undefined;

/** Asks for a key and keeps it; false: they have closed the question. Two answers that need one ask once. */
export function askForKey(): Promise<boolean> {
  asking ??= showLock().finally(() => {
    asking = undefined;
  });
  return asking;
}

async function showLock(): Promise<boolean> {
  if (key.get()) find('key-label').textContent = word('key-wrong');
  // Whoever presses Escape has given nothing, whatever they have typed.
  lock.returnValue = '';
  lock.showModal();
  await new Promise((resolve) => lock.addEventListener('close', resolve, { once: true }));
  const given = lock.returnValue === 'given' ? field.value.trim() : '';
  field.value = '';
  if (given !== '') key.keep(given);
  return given !== '';
}
