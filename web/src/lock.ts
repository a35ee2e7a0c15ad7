import { key } from './api.ts';
import { find } from './view.ts';
import { word } from './words.ts';

const lock = find<HTMLDialogElement>('lock');
const field = find<HTMLInputElement>('key');

/** Asks for a key and keeps it; false: they have closed the question. */
export async function askForKey(): Promise<boolean> {
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
