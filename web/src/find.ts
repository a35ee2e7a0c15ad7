export const find = <Kind extends HTMLElement>(id: string): Kind => document.getElementById(id) as Kind;

/** A button that does what its label says. */
export function button(label: string, press: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = label;
  made.addEventListener('click', press);
  return made;
}
