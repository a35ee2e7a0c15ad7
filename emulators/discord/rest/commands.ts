import type { APIApplicationCommand } from 'discord.js';
import { type Call, fieldsOf } from '../call.ts';
import { checkCommand } from '../forms/command.ts';
import { createForm, type Fields, isFields } from '../forms/form.ts';
import { Refusal, refuse } from '../refusal.ts';

const maxCommands = 100;

/** Without their translations, unless these are asked for. */
export function listCommands(call: Call) {
  const own = [...ownCommands(call).values()];
  if (call.query.get('with_localizations') === 'true') return own;
  return own.map(({ name_localizations, description_localizations, ...command }) => command);
}

/** Puts the whole list in place of the old one; a command that keeps its name keeps its id. */
export function overwriteCommands(call: Call) {
  const { body } = call;
  const commands = ownCommands(call);
  if (!Array.isArray(body) || !body.every(isFields)) throw new Refusal(400, 50035, 'Invalid Form Body');
  const form = createForm();
  for (const [index, command] of body.entries()) checkCommand(form, `${index}.`, command);
  const names = body.map((command) => keyOf(command));
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) < index) {
      const message = 'Application command names must be unique';
      form.fail(`${index}`, 'APPLICATION_COMMANDS_DUPLICATE_NAME', message);
    }
  }
  form.check();
  if (body.length > maxCommands) throw refuse(30032);
  const next = body.map((command) => build(call, command));
  commands.clear();
  for (const command of next) commands.set(command.id, command);
  return next;
}

/** Adds one command; one of the same name is replaced. */
export function upsertCommand(call: Call) {
  const commands = ownCommands(call);
  const asked = fieldsOf(call);
  const form = createForm();
  checkCommand(form, '', asked);
  form.check();
  const known = sameName(call, asked);
  if (known === undefined && commands.size >= maxCommands) throw refuse(30032);
  const command = build(call, asked);
  commands.set(command.id, command);
  call.status = known === undefined ? 201 : 200;
  return command;
}

export function deleteCommand(call: Call): undefined {
  if (!ownCommands(call).delete(call.params.command ?? '')) throw refuse(10063);
}

function ownCommands({ bot, params }: Call) {
  if (params.application !== bot.user.id) throw refuse(20012);
  return bot.commands;
}

const keyOf = ({ type, name }: Fields) => `${type ?? 1} ${name}`;

const sameName = ({ bot }: Call, asked: Fields) =>
  [...bot.commands.values()].find((command) => keyOf({ ...command }) === keyOf(asked));

function build(call: Call, asked: Fields): APIApplicationCommand {
  const { world, bot } = call;
  return {
    type: 1,
    description: '',
    name_localizations: null,
    description_localizations: null,
    default_member_permissions: null,
    dm_permission: true,
    nsfw: false,
    contexts: null,
    integration_types: [0],
    ...asked,
    id: sameName(call, asked)?.id ?? world.nextId(),
    application_id: bot.user.id,
    version: world.nextId(),
  } as APIApplicationCommand;
}
