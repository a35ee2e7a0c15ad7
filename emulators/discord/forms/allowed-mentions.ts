import { atMost, choice, type Form, isFields } from './form.ts';

/** Whom a message may call. */
export interface AllowedMentions {
  readonly parse: readonly string[];
  readonly users: readonly string[];
  readonly roles: readonly string[];
  readonly repliedUser: boolean;
}

/** What a message without `allowed_mentions` may do: everything. */
export const defaultMentions: AllowedMentions = {
  parse: ['users', 'roles', 'everyone'],
  users: [],
  roles: [],
  repliedUser: true,
};

export function readAllowedMentions(form: Form, value: unknown): AllowedMentions {
  if (value === undefined || value === null) return defaultMentions;
  if (!isFields(value)) {
    form.fail('allowed_mentions', 'MODEL_TYPE_CONVERT', 'Only dictionaries may be used in a ModelType');
    return defaultMentions;
  }
  const parse = strings(value.parse);
  const users = strings(value.users);
  const roles = strings(value.roles);
  for (const [index, name] of parse.entries()) {
    choice(form, `allowed_mentions.parse.${index}`, name, defaultMentions.parse);
  }
  for (const [name, ids] of [
    ['users', users],
    ['roles', roles],
  ] as const) {
    atMost(form, `allowed_mentions.${name}`, ids, 100);
    if (parse.includes(name) && ids.length > 0) {
      const message = `parse:["${name}"] and ${name}: [ids...] are mutually exclusive.`;
      form.fail('allowed_mentions', 'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE', message);
    }
  }
  return { parse, users, roles, repliedUser: value.replied_user === true };
}

const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
