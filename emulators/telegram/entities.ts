import type { MessageEntity } from 'grammy/types';
import { badRequest } from './refusal.ts';

const styles = ['bold', 'italic', 'underline', 'strikethrough', 'spoiler'];
const quotes = ['blockquote', 'expandable_blockquote'];
const preformatted = ['pre', 'code'];
const carriers = ['text_link', 'text_mention', 'custom_emoji', 'date_time'];

/** The kinds that a bot may set; others (mentions, hashtags…) the server finds itself and ignores when sent. */
const settable = new Set([...styles, ...quotes, ...preformatted, ...carriers]);

const end = (entity: MessageEntity) => entity.offset + entity.length;

/** Reads the `entities` parameter. */
export function readEntities(json: unknown): MessageEntity[] {
  if (!Array.isArray(json)) throw badRequest("can't parse entities: expected an Array of MessageEntity");
  return json.flatMap((item: unknown) => {
    if (typeof item !== 'object' || item === null) {
      throw badRequest("can't parse MessageEntity: MessageEntity must be an Object");
    }
    const { type, offset, length } = item as Record<string, unknown>;
    if (typeof type !== 'string') throw badRequest('can\'t parse MessageEntity: Can\'t find field "type"');
    for (const [name, value] of Object.entries({ offset, length })) {
      if (!Number.isInteger(value)) {
        throw badRequest(`can't parse MessageEntity: Field "${name}" must be a valid Number`);
      }
    }
    if (type === 'text_link' && typeof (item as { url?: unknown }).url !== 'string') {
      throw badRequest('can\'t parse MessageEntity: Can\'t find field "url"');
    }
    return settable.has(type) ? [item as MessageEntity] : [];
  });
}

/** The only mistakes that the server does not mend: entities that do not fit their text. */
export function checkEntities(text: string, entities: readonly MessageEntity[]): void {
  const byteAt = (offset: number) => Buffer.byteLength(text.slice(0, offset));
  const splits = (offset: number) => /^[\udc00-\udfff]/.test(text.slice(offset, offset + 1));
  for (const entity of entities) {
    const { offset, length } = entity;
    if (offset < 0) throw badRequest(`receive an entity with incorrect offset ${offset}`);
    if (length < 0) throw badRequest(`receive an entity with incorrect length ${length}`);
    if (length === 0) continue;
    if (offset >= text.length) {
      throw badRequest(`entity begins after the end of the text at UTF-16 offset ${offset}`);
    }
    if (end(entity) > text.length) {
      const where = `at UTF-16 offset ${end(entity)}`;
      throw badRequest(`entity beginning at UTF-16 offset ${offset} ends after the end of the text ${where}`);
    }
    const middle = 'in a middle of a UTF-16 symbol at byte offset';
    if (splits(offset)) throw badRequest(`entity begins ${middle} ${byteAt(offset)}`);
    if (splits(end(entity))) throw badRequest(`entity ends ${middle} ${byteAt(end(entity))}`);
  }
}

/**
 * Nesting as the server repairs it: of code, links and the like only the outermost stays, so it is with quotes;
 * styles are merged per kind, cut wherever anything else begins or ends, and taken out of code.
 */
export function repairNesting(entities: readonly MessageEntity[]): MessageEntity[] {
  const sorted = entities.filter((entity) => entity.length > 0).toSorted(byPlace);
  const quoted = withoutOverlaps(sorted.filter((entity) => quotes.includes(entity.type)));
  const solid = withoutOverlaps(
    sorted.filter((entity) => !quotes.includes(entity.type) && !styles.includes(entity.type)),
  ).filter((entity) => !quoted.some((quote) => overlaps(quote, entity) && !contains(quote, entity)));
  const blocks = [...solid, ...quoted];
  const styled = sorted.filter((entity) => styles.includes(entity.type));
  const code = solid.filter((entity) => preformatted.includes(entity.type));
  const pieces = styles
    .flatMap((style) => cutStyle(styled, style, blocks))
    .filter((piece) => !code.some((block) => contains(block, piece)));
  return [...blocks, ...pieces].toSorted(byPlace);
}

const priority = (entity: MessageEntity) => {
  if (quotes.includes(entity.type)) return 0;
  if (preformatted.includes(entity.type)) return 1;
  return styles.includes(entity.type) ? 3 + styles.indexOf(entity.type) : 2;
};

const byPlace = (a: MessageEntity, b: MessageEntity) =>
  a.offset - b.offset || b.length - a.length || priority(a) - priority(b);

const overlaps = (a: MessageEntity, b: MessageEntity) => a.offset < end(b) && b.offset < end(a);
const contains = (a: MessageEntity, b: MessageEntity) => a.offset <= b.offset && end(b) <= end(a);

function withoutOverlaps(sorted: readonly MessageEntity[]): MessageEntity[] {
  let free = 0;
  return sorted.filter((entity) => {
    if (entity.offset < free) return false;
    free = end(entity);
    return true;
  });
}

function cutStyle(styled: readonly MessageEntity[], style: string, blocks: readonly MessageEntity[]) {
  const others = styled.filter((entity) => entity.type !== style).map((entity) => entity.offset);
  const borders = [...others, ...blocks.map((block) => block.offset), ...blocks.map(end)];
  return merged(styled.filter((entity) => entity.type === style)).flatMap((run) => {
    const inside = borders.filter((border) => border > run.offset && border < end(run));
    const cuts = [...new Set([run.offset, ...inside, end(run)])].toSorted((a, b) => a - b);
    return cuts.slice(1).map((cut, index) => {
      const offset = cuts[index] ?? 0;
      return { ...run, offset, length: cut - offset };
    });
  });
}

function merged(sorted: readonly MessageEntity[]): MessageEntity[] {
  const runs: MessageEntity[] = [];
  for (const entity of sorted) {
    const last = runs.at(-1);
    if (last !== undefined && entity.offset <= end(last)) {
      runs[runs.length - 1] = { ...last, length: Math.max(end(last), end(entity)) - last.offset };
    } else runs.push(entity);
  }
  return runs;
}

/** Adds what the server finds by itself (links, mentions, commands), where no code or link stands already. */
export function withFound(
  entities: readonly MessageEntity[],
  found: readonly MessageEntity[],
): MessageEntity[] {
  const solid = entities.filter((entity) => !quotes.includes(entity.type) && !styles.includes(entity.type));
  const free = found.filter((entity) => !solid.some((block) => overlaps(block, entity)));
  return repairNesting([...entities, ...free]);
}

/** Kept in one message; the rest is dropped without a word. */
const maxEntities = 100;
/** Size of all entities together, as they are written on Telegram's own wire. */
const maxEntityBytes = 9500;

export function limitEntities(entities: readonly MessageEntity[]): MessageEntity[] {
  const kept = entities.slice(0, maxEntities);
  const bytes = kept.reduce((sum, entity) => sum + wireBytes(entity), 0);
  if (bytes > maxEntityBytes) throw badRequest('ENTITIES_TOO_LONG');
  return kept;
}

// Constructor, offset and length are 4 bytes each; a string is preceded by its length and padded to 4 bytes.
function wireBytes(entity: MessageEntity): number {
  const argument =
    entity.type === 'text_link' ? entity.url : entity.type === 'pre' ? entity.language : undefined;
  return 12 + (argument === undefined ? 0 : Math.ceil((Buffer.byteLength(argument) + 4) / 4) * 4);
}
