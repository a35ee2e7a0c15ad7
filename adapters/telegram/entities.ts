import type { MessageEntity } from 'grammy/types';

type Entity = MessageEntity;

export interface FormattedText {
  readonly text: string;
  readonly entities: readonly Entity[];
}

const styles: readonly string[] = ['bold', 'italic', 'underline', 'strikethrough', 'spoiler'];

const end = ({ offset, length }: Entity) => offset + length;
const isStyle = ({ type }: Entity) => styles.includes(type);

/**
 * A text and its entities as the server keeps them (td/telegram/MessageEntity.cpp): without white space at the ends,
 * and styles in pieces that neither overlap one another's beginnings nor lie in code.
 */
export function settled(text: string, entities: readonly Entity[]): FormattedText {
  const trimmed = entities.map((entity) => withoutSpace(text, entity)).filter(({ length }) => length > 0);
  const firstSolid = Math.min(text.length, ...trimmed.filter(isPre).map(({ offset }) => offset));
  const start = Math.min(firstSolid, text.length - text.trimStart().length);
  const moved = trimmed.map((entity) => ({ ...entity, offset: entity.offset - start }));
  const shown = text.slice(start).trimEnd();
  const pieces = inPieces(moved).map((entity) => (isStyle(entity) ? withoutSpace(shown, entity) : entity));
  return { text: shown, entities: pieces.filter(({ length }) => length > 0) };
}

const isPre = ({ type }: Entity) => type === 'pre';

/** The indentation of code is a part of it. */
function withoutSpace(text: string, entity: Entity): Entity {
  const inside = text.slice(entity.offset, end(entity));
  const before = isPre(entity) ? 0 : inside.length - inside.trimStart().length;
  const length = Math.max(0, inside.trimEnd().length - before);
  return { ...entity, offset: entity.offset + before, length };
}

function inPieces(entities: readonly Entity[]): Entity[] {
  const blocks = entities.filter((entity) => !isStyle(entity));
  const styled = entities.filter(isStyle);
  const code = blocks.filter(({ type }) => type === 'pre' || type === 'code');
  const borders = blocks.flatMap((block) => [block.offset, end(block)]);
  const runs = styles.flatMap((style) => merged(styled.filter(({ type }) => type === style).sort(byPlace)));
  const begins = runs.map(({ offset }) => offset);
  const pieces = runs.flatMap((run) => cutAt(run, [...begins, ...borders]));
  const visible = pieces.filter(
    (piece) => !code.some((block) => block.offset <= piece.offset && end(piece) <= end(block)),
  );
  return [...blocks, ...visible].sort(byPlace);
}

const byPlace = (one: Entity, other: Entity) => one.offset - other.offset || other.length - one.length;

function merged(runs: readonly Entity[]): Entity[] {
  const found: Entity[] = [];
  for (const run of runs) {
    const last = found.at(-1);
    if (last && run.offset <= end(last))
      found[found.length - 1] = { ...last, length: Math.max(end(last), end(run)) - last.offset };
    else found.push(run);
  }
  return found;
}

function cutAt(run: Entity, borders: readonly number[]): Entity[] {
  const inside = borders.filter((border) => border > run.offset && border < end(run));
  const cuts = [...new Set([run.offset, ...inside, end(run)])].sort((one, other) => one - other);
  return cuts.slice(1).map((cut, index) => {
    const offset = cuts[index] ?? 0;
    return { ...run, offset, length: cut - offset };
  });
}

/** What the server finds in a text by itself counts too. Rather too many than too few. */
const found =
  /(?:https?:\/\/|[\w-]\.\p{L}{2,}|(?<![\w@])@\w{3}|(?<![\w/<>])\/\w|(?<![\p{L}\p{N}_#@])#[\p{L}\p{N}_]|(?<![\w$])\$[A-Z])/giu;

/** How many entities a message has in the end. */
export const countOf = ({ text, entities }: FormattedText): number =>
  entities.length + (text.match(found)?.length ?? 0);

/** The size of all entities on Telegram's own wire: three numbers each, and an address or a language. */
export function wireBytesOf(entities: readonly Entity[]): number {
  return entities.reduce((sum, entity) => {
    const argument =
      entity.type === 'text_link' ? entity.url : entity.type === 'pre' ? entity.language : undefined;
    return sum + 12 + (argument === undefined ? 0 : argument.length * 3 + 8);
  }, 0);
}
