import type { MessageEntity } from 'grammy/types';
import type { Part } from '../../src/core/message.ts';
import type { Rendered } from '../../src/core/ports/platform.ts';
import type { Flavour } from '../../src/text/flavour.ts';
import { type Sealed, toParts } from '../../src/text/parts.ts';
import { compose } from './compose.ts';
import { countOf, type FormattedText, wireBytesOf } from './entities.ts';
import { richSource } from './rich.ts';

/** Telegram counts characters; UTF-16 units are never fewer. */
const longestText = 4_096;

/** Beyond 100 the server drops them without a word, and beyond 9,500 bytes it refuses the message. */
const mostEntities = 95;
const mostEntityBytes = 9_000;

/** A smaller message is for tests. */
export const telegramFlavour = (longest = longestText): Flavour<FormattedText> => ({
  compose,
  nothing: { text: '', entities: [] },
  roomLeft: (shown) => ({
    units: longest - shown.text.length,
    marks: Math.min(
      mostEntities - countOf(shown),
      Math.floor((mostEntityBytes - wireBytesOf(shown.entities)) / 12),
    ),
  }),
  lineCost: 4,
  markCost: 0,
});

const flavour = telegramFlavour();

/** Markdown as plain text and entities, in messages that hold just what Telegram will keep of them. */
export function renderForTelegram(markdown: string, sealed?: Sealed, growing = false): Rendered {
  const { parts, sealed: now } = toParts(markdown, flavour, sealed, growing);
  return {
    sealed: now,
    parts: parts.map(({ text, entities }) => ({ text, format: { entities: entities.map(entry) } })),
  };
}

const richFlavour: Flavour<FormattedText & { readonly rich: string }> = {
  ...flavour,
  nothing: { ...flavour.nothing, rich: '' },
  compose(blocks) {
    const shown = compose(blocks);
    return shown && { ...shown, rich: richSource(blocks) };
  },
};

/** The same, and each part as the Markdown of a rich message too. */
export function renderRichForTelegram(markdown: string, sealed?: Sealed, growing = false): Rendered {
  const { parts, sealed: now } = toParts(markdown, richFlavour, sealed, growing);
  return {
    sealed: now,
    parts: parts.map(({ text, entities, rich }) => ({
      text,
      format: { entities: entities.map(entry), rich },
    })),
  };
}

/** Plain data. */
const entry = (entity: FormattedText['entities'][number]) =>
  ({ ...entity }) as Record<string, string | number>;

/** The entities of a part, for the call that writes it. */
export function entitiesOf({ format }: Part): { entities?: MessageEntity[] } {
  const { entities } = (format ?? {}) as { entities?: MessageEntity[] };
  return entities && entities.length > 0 ? { entities } : {};
}
