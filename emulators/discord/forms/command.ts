import { atMost, choice, type Fields, type Form, list, text } from './form.ts';

const kinds = { chatInput: 1, user: 2, message: 3 } as const;
const optionTypes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const maxCharacters = 8000;

/** Discord's own list of locales. */
const locales =
  'id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko'.split(
    ' ',
  );
const namePattern = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;

/** Checks one application command; `at` is where it stands in a bulk call, with a dot at its end. */
export function checkCommand(form: Form, at: string, command: Fields): void {
  const type = command.type ?? kinds.chatInput;
  choice(form, `${at}type`, type, Object.values(kinds));
  if (type === kinds.chatInput) checkNamed(form, at, command);
  else {
    text(form, `${at}name`, command.name, 32, 1);
    if (command.description)
      form.fail(
        `${at}description`,
        'APPLICATION_COMMAND_DESCRIPTION_NOT_ALLOWED',
        'Context menu commands cannot have description',
      );
  }
  checkChoices(form, `${at}contexts`, command.contexts, [0, 1, 2]);
  checkChoices(form, `${at}integration_types`, command.integration_types, [0, 1]);
  if (charactersOf(command) > maxCharacters) {
    const message = `Command exceeds maximum size (${maxCharacters})`;
    form.fail(`${at}name`, 'APPLICATION_COMMAND_TOO_LARGE', message);
  }
}

function checkNamed(form: Form, at: string, named: Fields) {
  if (typeof named.name !== 'string') text(form, `${at}name`, named.name, 32, 1);
  else checkName(form, `${at}name`, named.name);
  text(form, `${at}description`, named.description, 100, 1);
  for (const [locale, name] of localizations(form, `${at}name_localizations`, named.name_localizations)) {
    checkName(form, `${at}name_localizations.${locale}`, String(name));
  }
  const described = localizations(form, `${at}description_localizations`, named.description_localizations);
  for (const [locale, description] of described) {
    text(form, `${at}description_localizations.${locale}`, description, 100, 1);
  }
  const options = list(form, `${at}options`, named.options);
  atMost(form, `${at}options`, options, 25);
  for (const [index, option] of options.entries()) checkOption(form, `${at}options.${index}.`, option);
}

function checkOption(form: Form, at: string, option: Fields) {
  choice(form, `${at}type`, option.type, optionTypes);
  checkNamed(form, at, option);
  const choices = list(form, `${at}choices`, option.choices);
  atMost(form, `${at}choices`, choices, 25);
  for (const [index, { name }] of choices.entries()) text(form, `${at}choices.${index}.name`, name, 100, 1);
}

function checkName(form: Form, at: string, name: string) {
  if (namePattern.test(name) && name === name.toLowerCase()) return;
  form.fail(at, 'APPLICATION_COMMAND_INVALID_NAME', 'Command name is invalid');
}

function localizations(form: Form, at: string, value: unknown): [string, unknown][] {
  const all = Object.entries((value ?? {}) as Fields).filter(([, translated]) => translated !== null);
  for (const [locale] of all) if (!locales.includes(locale)) choice(form, at, locale, locales);
  return all.filter(([locale]) => locales.includes(locale));
}

function checkChoices(form: Form, at: string, value: unknown, choices: readonly number[]) {
  if (value === undefined || value === null) return;
  if (!Array.isArray(value) || value.length === 0) {
    return form.fail(at, 'BASE_TYPE_BAD_LENGTH', `Must be between 1 and ${choices.length} in length.`);
  }
  for (const [index, item] of value.entries()) choice(form, `${at}.${index}`, item, choices);
}

// Of a name or description with translations only the longest counts.
function charactersOf(command: Fields): number {
  const longest = (text: unknown, translations: unknown) =>
    Math.max(
      ...[text, ...Object.values((translations ?? {}) as Fields)].map((one) => String(one ?? '').length),
    );
  const options = Array.isArray(command.options) ? (command.options as Fields[]) : [];
  return (
    longest(command.name, command.name_localizations) +
    longest(command.description, command.description_localizations) +
    options.reduce((sum, option) => sum + charactersOf(option), 0)
  );
}
