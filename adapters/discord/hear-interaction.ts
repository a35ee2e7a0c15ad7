import { acknowledge } from './acknowledge.ts';
import { apology } from './apology.ts';
import type { Call } from './call.ts';
import { isOurCommand } from './commands.ts';
import { failureOf } from './failure.ts';
import type { HearOptions } from './hear.ts';
import { commandToInbound, pressToInbound } from './inbound.ts';
import { commandOf, type DiscordCommand, pressOf } from './payload.ts';
import { takePress } from './press.ts';
import type { Surroundings } from './surroundings.ts';
import { webhookPath } from './ticket.ts';

type Options = Omit<HearOptions, 'seen' | 'owing' | 'readsAll'>;

/** Of the commands, what it changes depends on what was written before it. */
const waits = 'reset';

export function hearCommand(payload: unknown, surroundings: Surroundings, options: Options): void {
  const { call, lines, missed, log } = options;
  const command = commandOf(payload);
  if (!command || !isOurCommand(command.data.name)) return;
  const { channel_id: channel, guild_id: guild } = command;
  const inbound = commandToInbound(command, surroundings.at({ channel, type: command.channel?.type, guild }));
  if (!inbound) return;
  // Before anybody can answer it. Should it not succeed, the command is carried out all the same.
  const promised = acknowledge(command, options).catch((error: unknown) =>
    log.warn({ reason: failureOf(error).reason }, 'a slash command could not be acknowledged'),
  );
  const mayPass = missed.isOwed(channel) && command.data.name !== waits;
  const given = mayPass ? lines.tryNow(inbound, promised) : lines.tryOnce(inbound, promised);
  given.catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    log.error({ reason }, 'a slash command could not be stored; whoever gave it is told');
    return apologise(call, command);
  });
}

export function hearPress(payload: unknown, surroundings: Surroundings, options: Options): void {
  const press = pressOf(payload);
  if (!press) return;
  const { channel_id: channel, guild_id: guild } = press;
  const inbound = pressToInbound(press, surroundings.at({ channel, type: press.channel?.type, guild }));
  if (inbound) void takePress(press, inbound, options);
}

async function apologise(call: Call, { application_id, token, locale }: DiscordCommand): Promise<void> {
  const body = { content: apology(locale), allowed_mentions: { parse: [] } };
  const path = webhookPath({ application: application_id, token });
  await call('PATCH', `${path}/messages/@original`, body).catch(() => undefined);
}
