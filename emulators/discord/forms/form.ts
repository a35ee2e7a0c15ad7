import { type ErrorTree, Refusal } from '../refusal.ts';

/** Gathers everything that is wrong with a body, and then refuses it in one go, as Discord does. */
export interface Form {
  /** `at` names the field, as in `embeds.0.title`. */
  fail(at: string, code: string, message: string): void;
  /** Refuses if anything was wrong. */
  check(): void;
}

export function createForm(): Form {
  const errors: ErrorTree = {};
  return {
    fail: (at, code, message) => note(errors, at, { code, message }),
    check() {
      if (Object.keys(errors).length > 0) throw invalidForm(errors);
    },
  };
}

const invalidForm = (errors: ErrorTree) => new Refusal(400, 50035, 'Invalid Form Body', errors);

function note(errors: ErrorTree, at: string, mistake: { code: string; message: string }): void {
  let node = errors;
  for (const name of at.split('.')) {
    node[name] ??= {};
    node = node[name] as ErrorTree;
  }
  node._errors ??= [];
  (node._errors as unknown[]).push(mistake);
}

/** The form with a single mistake. */
export function invalid(at: string, code: string, message: string): Refusal {
  const errors: ErrorTree = {};
  note(errors, at, { code, message });
  return invalidForm(errors);
}

export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A list of objects; what is none counts as wrong. Absent and null are an empty one. */
export function list(form: Form, at: string, value: unknown): Fields[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    form.fail(at, 'LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType');
    return [];
  }
  return value.flatMap((item, index) => {
    if (isFields(item)) return [item];
    form.fail(`${at}.${index}`, 'MODEL_TYPE_CONVERT', 'Only dictionaries may be used in a ModelType');
    return [];
  });
}

/** Checks how long a text is, if it is there. A lower bound makes it required. */
export function text(form: Form, at: string, value: unknown, most: number, least = 0): void {
  if (value === undefined || value === null) {
    if (least > 0) form.fail(at, 'BASE_TYPE_REQUIRED', 'This field is required');
    return;
  }
  if (typeof value !== 'string') {
    form.fail(at, 'STRING_TYPE_CONVERT', 'Could not interpret value as string.');
  } else if (least > 0 && (value.length > most || value.length < least)) {
    form.fail(at, 'BASE_TYPE_BAD_LENGTH', `Must be between ${least} and ${most} in length.`);
  } else if (value.length > most) {
    form.fail(at, 'BASE_TYPE_MAX_LENGTH', `Must be ${most} or fewer in length.`);
  }
}

export function atMost(form: Form, at: string, items: readonly unknown[], most: number): void {
  if (items.length > most) form.fail(at, 'BASE_TYPE_MAX_LENGTH', `Must be ${most} or fewer in length.`);
}

export function choice(form: Form, at: string, value: unknown, choices: readonly (string | number)[]): void {
  if (choices.includes(value as string | number)) return;
  const names = choices.map((name) => (typeof name === 'string' ? `'${name}'` : name)).join(', ');
  form.fail(at, 'BASE_TYPE_CHOICES', `Value must be one of {${names}}.`);
}
