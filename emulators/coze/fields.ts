import { badBody, badParameter, Refusal } from './refusal.ts';

export type Fields = Readonly<Record<string, unknown>>;
export type StringMap = Readonly<Record<string, string>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field of one type, or absent. Coze decodes the body as a whole: a wrong type spoils all of it. */
export function optional(fields: Fields, name: string, type: 'string'): string | undefined;
export function optional(fields: Fields, name: string, type: 'boolean'): boolean | undefined;
export function optional(fields: Fields, name: string, type: 'string' | 'boolean'): unknown {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== type) throw badBody();
  return value;
}

export function required(fields: Fields, name: string): string {
  const value = optional(fields, name, 'string');
  if (!value) throw badParameter(`the field ${name} is required`);
  return value;
}

export function stringMap(fields: Fields, name: string): StringMap {
  const value = fields[name] ?? {};
  if (!isFields(value)) throw badBody();
  const map: Record<string, string> = {};
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') throw badBody();
    map[key] = text;
  }
  return map;
}

/** At most 16 pairs, keys of 1 to 64 characters, values of 1 to 512. */
export function metaData(fields: Fields): StringMap {
  const pairs = stringMap(fields, 'meta_data');
  const within = Object.entries(pairs).every(
    ([key, value]) => key.length >= 1 && key.length <= 64 && value.length >= 1 && value.length <= 512,
  );
  if (Object.keys(pairs).length > 16 || !within) throw new Refusal(4003, 'meta_data is over its limits');
  return pairs;
}
