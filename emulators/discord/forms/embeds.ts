import type { APIEmbed } from 'discord.js';
import { atMost, type Fields, type Form, isFields, list, text } from './form.ts';

const maxEmbeds = 10;
const maxCharacters = 6000;

/** Reads a message's embeds, within Discord's limits. */
export function readEmbeds(form: Form, value: unknown): APIEmbed[] {
  const embeds = list(form, 'embeds', value);
  atMost(form, 'embeds', embeds, maxEmbeds);
  for (const [index, embed] of embeds.entries()) readEmbed(form, `embeds.${index}`, embed);
  const characters = embeds.reduce((sum, embed) => sum + textOf(embed).join('').length, 0);
  if (characters > maxCharacters) {
    form.fail('embeds', 'MAX_EMBED_SIZE_EXCEEDED', `Embed size exceeds maximum size of ${maxCharacters}`);
  }
  return embeds.map((embed) => ({ type: 'rich', ...embed }) as APIEmbed);
}

function readEmbed(form: Form, at: string, embed: Fields) {
  const { footer, author } = embed;
  const fields = list(form, `${at}.fields`, embed.fields);
  text(form, `${at}.title`, embed.title, 256);
  text(form, `${at}.description`, embed.description, 4096);
  if (isFields(footer)) text(form, `${at}.footer.text`, footer.text, 2048, 1);
  if (isFields(author)) text(form, `${at}.author.name`, author.name, 256, 1);
  atMost(form, `${at}.fields`, fields, 25);
  for (const [index, field] of fields.entries()) {
    text(form, `${at}.fields.${index}.name`, field.name, 256, 1);
    text(form, `${at}.fields.${index}.value`, field.value, 1024, 1);
  }
}

function textOf({ title, description, footer, author, fields }: Fields): string[] {
  const inside = (value: unknown, name: string) => (isFields(value) ? value[name] : undefined);
  const pieces = [
    title,
    description,
    inside(footer, 'text'),
    inside(author, 'name'),
    ...(Array.isArray(fields)
      ? fields.flatMap((field) => [inside(field, 'name'), inside(field, 'value')])
      : []),
  ];
  return pieces.filter((piece) => typeof piece === 'string');
}
