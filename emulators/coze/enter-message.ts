import { type Fields, isFields, metaData, optional, type StringMap } from './fields.ts';
import { badBody, badParameter, Refusal } from './refusal.ts';
import type { ContentType, MessageType } from './script.ts';

/** A message as a client hands it in. */
export interface EnterMessage {
  readonly role: 'user' | 'assistant';
  readonly type: MessageType;
  readonly content: string;
  readonly contentType: ContentType;
  readonly metaData: StringMap;
}

/** Messages are saved only as questions and answers; the rest may be sent along when nothing is saved. */
const savedTypes = ['question', 'answer'];
const unsavedTypes = [...savedTypes, 'function_call', 'tool_output', 'tool_response'];

export function parseMessages(fields: Fields, name: string, saved: boolean): EnterMessage[] {
  const list = fields[name] ?? [];
  if (!Array.isArray(list)) throw badBody();
  if (list.length > 100) throw new Refusal(4004, `${name} has more than 100 messages`);
  const messages = list.map((item: unknown) => parseMessage(item, saved));
  messages.forEach((message, index) => {
    if (message.contentType === 'object_string')
      checkItems(message.content, [messages[index - 1], messages[index + 1]]);
  });
  return messages;
}

function parseMessage(item: unknown, saved: boolean): EnterMessage {
  if (!isFields(item)) throw badBody();
  const role = optional(item, 'role', 'string');
  const content = optional(item, 'content', 'string');
  const contentType = optional(item, 'content_type', 'string') ?? 'text';
  const type = optional(item, 'type', 'string') ?? (role === 'assistant' ? 'answer' : 'question');
  if (role !== 'user' && role !== 'assistant') throw invalid('role must be user or assistant');
  if (content === undefined) throw invalid('content is required');
  if (contentType !== 'text' && contentType !== 'object_string') throw invalid('unknown content_type');
  if (!(saved ? savedTypes : unsavedTypes).includes(type)) throw invalid(`type ${type} is not allowed`);
  if ((type === 'question') !== (role === 'user')) throw invalid('a question is of the user, and only that');
  return { role, type: type as MessageType, content, contentType, metaData: metaData(item) };
}

const invalid = (why: string) => new Refusal(4005, `invalid message: ${why}`);

/** At most one text, never alone; files without a text need a message of plain text beside them. */
function checkItems(content: string, neighbours: readonly (EnterMessage | undefined)[]): void {
  const items = parseItems(content);
  const texts = items.filter((item) => item.type === 'text').length;
  if (texts > 1) throw badParameter('object_string holds more than one text');
  if (texts === items.length) throw badParameter('object_string needs an image, a file or audio');
  if (texts === 0 && !neighbours.some((neighbour) => neighbour?.contentType === 'text'))
    throw badParameter('object_string without text needs a text message beside it');
}

export function parseItems(content: string): Fields[] {
  const items = parseJson(content);
  if (!Array.isArray(items) || items.length === 0) throw badParameter('object_string is not a JSON array');
  return items.map((item: unknown) => {
    if (!isFields(item)) throw badParameter('object_string holds something that is not an object');
    const whole = item.type === 'text' ? item.text : (item.file_id ?? item.file_url);
    if (!['text', 'image', 'file', 'audio'].includes(String(item.type)) || typeof whole !== 'string')
      throw badParameter('object_string holds an item that is neither text, image, file nor audio');
    return item;
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
