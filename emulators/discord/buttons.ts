import { isFields } from './forms/form.ts';
import type { StoredMessage } from './world.ts';

export interface ShownButton {
  readonly label: string;
  /** What `press` wants; a link has none. */
  readonly customId: string | undefined;
  readonly url: string | undefined;
  /** 1 primary, 2 secondary, 3 success, 4 danger, 5 link. */
  readonly style: number;
  readonly disabled: boolean;
  readonly row: number;
  /** Its number among all components of the message, which an interaction names. */
  readonly id: number;
}

const button = 2;

/** All buttons of a message, in the order in which they are shown. */
export function buttonsOf({ components }: StoredMessage): ShownButton[] {
  const found: ShownButton[] = [];
  let id = 0;
  const visit = (component: unknown, row: number) => {
    if (!isFields(component)) return;
    id += 1;
    if (component.type === button) {
      found.push({
        label: String(component.label ?? ''),
        customId: component.custom_id === undefined ? undefined : String(component.custom_id),
        url: component.url === undefined ? undefined : String(component.url),
        style: Number(component.style),
        disabled: component.disabled === true,
        row,
        id,
      });
    }
    const inner = Array.isArray(component.components) ? component.components : [];
    for (const one of [...inner, component.accessory]) visit(one, row);
  };
  for (const [row, component] of components.entries()) visit(component, row);
  return found;
}
