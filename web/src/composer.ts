import { announce } from './announce.ts';
import { button, find } from './find.ts';
import { count } from './words.ts';

const form = find<HTMLFormElement>('ask');
const field = find<HTMLTextAreaElement>('question');
const sendButton = find<HTMLButtonElement>('send');
const stopButton = find<HTMLButtonElement>('stop');
const followUps = find('follow-ups');
const limit = find('limit');

/** As many as the bridge takes. */
const mostCharacters = 100_000;

/** White space, and characters that nobody sees. */
const nothing = /^[\s\p{Cc}\p{Cf}]*$/u;

/** `send`: says whether it has taken the text. */
export function compose(send: (text: string) => boolean): void {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (adjust()) announce(limit.textContent ?? '');
    else if (!nothing.test(field.value) && send(field.value)) {
      field.value = '';
      adjust();
    }
  });
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return;
    event.preventDefault();
    form.requestSubmit();
  });
  field.addEventListener('input', adjust);
  // What was typed before a reload may be there again.
  adjust();
  field.focus();
}

/** Safari ends a composition before the Enter that chose it, and tells by its code alone. */
const isComposing = (event: KeyboardEvent): boolean => event.isComposing || event.keyCode === 229;

/** Makes the field as high as its text; true: that is too long. */
function adjust(): boolean {
  const { length } = field.value;
  const isTooLong = length > mostCharacters;
  limit.textContent = isTooLong ? count(length, 'too-long') : '';
  field.setAttribute('aria-invalid', String(isTooLong));
  field.style.height = 'auto';
  field.style.height = `${field.scrollHeight}px`;
  return isTooLong;
}

/** Whoever works by keyboard would be nowhere when what they have pressed goes away; a phone's would only be in the way. */
export function handOver(goes: Element): void {
  const focused = document.activeElement;
  if (!focused || !goes.contains(focused)) return;
  if (focused.matches(':focus-visible') || matchMedia('(pointer: fine)').matches) field.focus();
}

export const writeOn = (): void => field.focus();

/** One question at a time: Stop is where Send was. */
export function setBusy(isBusy: boolean): void {
  if (isBusy !== stopButton.hidden) return;
  handOver(stopButton);
  stopButton.disabled = false;
  stopButton.hidden = !isBusy;
  sendButton.hidden = isBusy;
}

/** Until it is known whether it has stopped. */
export function setStopping(isStopping: boolean): void {
  if (isStopping) handOver(stopButton);
  stopButton.disabled = isStopping;
}

export function suggest(questions: readonly string[], send: (text: string) => void): void {
  const isSame =
    [...followUps.children].map(({ textContent }) => textContent).join('\n') === questions.join('\n');
  if (isSame) return;
  handOver(followUps);
  followUps.replaceChildren(
    ...questions.map((text) => {
      const chip = button(text, () => send(text));
      chip.dir = 'auto';
      return chip;
    }),
  );
}
