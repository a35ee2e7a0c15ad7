import type { BotCommand } from 'grammy/types';
import { knownChat } from '../access.ts';
import type { Call } from '../call.ts';
import { fields, json } from '../params.ts';
import { badRequest } from '../refusal.ts';

const scopes: Readonly<Record<string, readonly string[]>> = {
  default: [],
  all_private_chats: [],
  all_group_chats: [],
  all_chat_administrators: [],
  chat: ['chat_id'],
  chat_administrators: ['chat_id'],
  chat_member: ['chat_id', 'user_id'],
};
const maxCommands = 100;

export function setMyCommands(call: Call): true {
  const audience = readAudience(call);
  const list = json(call.params, 'commands');
  if (!Array.isArray(list)) throw badRequest('expected an Array of BotCommand');
  if (list.length > maxCommands) throw badRequest('BOT_COMMANDS_TOO_MUCH');
  call.bot.commands.set(audience, list.map(readCommand));
  return true;
}

export function getMyCommands(call: Call): readonly BotCommand[] {
  return call.bot.commands.get(readAudience(call)) ?? [];
}

export function deleteMyCommands(call: Call): true {
  call.bot.commands.delete(readAudience(call));
  return true;
}

function readCommand(item: unknown): BotCommand {
  if (typeof item !== 'object' || item === null) {
    throw badRequest("can't parse BotCommand: expected an Object");
  }
  const { command, description, is_ephemeral } = item as Partial<Record<keyof BotCommand, unknown>>;
  if (typeof command !== 'string') throw badRequest('can\'t parse BotCommand: Can\'t find field "command"');
  if (typeof description !== 'string') {
    throw badRequest('can\'t parse BotCommand: Can\'t find field "description"');
  }
  const name = command.replace(/^\//, '');
  if (!/^[a-z0-9_]{1,32}$/.test(name)) throw badRequest('BOT_COMMAND_INVALID');
  const words = description.trim();
  if (words.length < 1 || words.length > 256) throw badRequest('BOT_COMMAND_DESCRIPTION_INVALID');
  return { command: name, description: words, ...(is_ephemeral === true && { is_ephemeral }) };
}

/** Whom a list of commands is for: a scope and a language, as one key. */
function readAudience(call: Call): string {
  const scope = fields(call.params, 'scope') ?? { type: 'default' };
  const needs = scopes[String(scope.type)];
  if (needs === undefined) throw badRequest("can't parse BotCommandScope: Unsupported type specified");
  if (needs.includes('chat_id')) knownChat({ ...call, params: { chat_id: String(scope.chat_id ?? '') } });
  const language = call.params.language_code ?? '';
  if (!/^(?:[a-z]{2})?$/.test(language)) throw badRequest('invalid language code specified');
  return JSON.stringify([scope.type, ...needs.map((name) => scope[name]), language]);
}
