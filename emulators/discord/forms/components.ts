import type { APIMessageTopLevelComponent } from 'discord.js';
import { atMost, choice, type Fields, type Form, isFields, list, text } from './form.ts';

const kind = { row: 1, button: 2, selects: [3, 5, 6, 7, 8], textDisplay: 10, link: 5, premium: 6 } as const;
/** What may stand at the top of a message that has the components-v2 flag. */
const topLevelV2 = [1, 9, 10, 12, 13, 14, 17];
const maxComponents = 40;
const maxDisplayedText = 4000;

/** Reads a message's components, in the old layout or, with the flag, in the new one. */
export function readComponents(form: Form, value: unknown, isV2: boolean): APIMessageTopLevelComponent[] {
  const components = list(form, 'components', value);
  const all = everything(components);
  if (!isV2) atMost(form, 'components', components, 5);
  for (const [index, component] of components.entries()) {
    choice(form, `components.${index}.type`, component.type, isV2 ? topLevelV2 : [kind.row]);
  }
  if (all.length > maxComponents) {
    form.fail('components', 'COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED', `Must be ${maxComponents} or fewer.`);
  }
  for (const { component, at } of all) readComponent(form, at, component);
  const ids = all.map(({ component }) => component.custom_id);
  for (const [index, id] of ids.entries()) {
    if (id === undefined || ids.indexOf(id) === index) continue;
    const message = 'Component custom id cannot be duplicated';
    form.fail(`${all[index]?.at}.custom_id`, 'COMPONENT_CUSTOM_ID_DUPLICATED', message);
  }
  const displayed = all.reduce((sum, { component }) => sum + displayedLength(component), 0);
  if (displayed > maxDisplayedText) {
    const message = `Displayable text size exceeds the maximum of ${maxDisplayedText}`;
    form.fail('components', 'COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED', message);
  }
  return components as unknown as APIMessageTopLevelComponent[];
}

interface Placed {
  readonly component: Fields;
  readonly at: string;
}

function everything(components: readonly Fields[], under = 'components'): Placed[] {
  return components.flatMap((component, index) => {
    const at = `${under}.${index}`;
    const inner = Array.isArray(component.components) ? component.components.filter(isFields) : [];
    const accessory = isFields(component.accessory)
      ? [{ component: component.accessory, at: `${at}.accessory` }]
      : [];
    return [{ component, at }, ...accessory, ...everything(inner, `${at}.components`)];
  });
}

function readComponent(form: Form, at: string, component: Fields) {
  const { type } = component;
  if (type === kind.row) readRow(form, at, component);
  if (type === kind.button) readButton(form, at, component);
  if (kind.selects.some((select) => select === type)) {
    text(form, `${at}.custom_id`, component.custom_id, 100, 1);
    text(form, `${at}.placeholder`, component.placeholder, 150);
  }
  if (type === kind.textDisplay) text(form, `${at}.content`, component.content, maxDisplayedText, 1);
}

function readRow(form: Form, at: string, row: Fields) {
  const inner = list(form, `${at}.components`, row.components);
  const hasSelect = inner.some(({ type }) => type !== kind.button);
  if (inner.length === 0 || inner.length > (hasSelect ? 1 : 5)) {
    form.fail(`${at}.components`, 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 5 in length.');
  }
}

function readButton(form: Form, at: string, button: Fields) {
  choice(form, `${at}.style`, button.style, [1, 2, 3, 4, 5, 6]);
  text(form, `${at}.label`, button.label, 80);
  if (button.style === kind.link) text(form, `${at}.url`, button.url, 512, 1);
  else if (button.style !== kind.premium) text(form, `${at}.custom_id`, button.custom_id, 100, 1);
  if (!button.label && !button.emoji && button.style !== kind.premium) {
    form.fail(at, 'BUTTON_COMPONENT_NO_LABEL_OR_EMOJI', 'A button must have a label or an emoji');
  }
}

const displayedLength = ({ type, content }: Fields) =>
  type === kind.textDisplay && typeof content === 'string' ? content.length : 0;
