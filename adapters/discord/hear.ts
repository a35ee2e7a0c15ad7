import type { Client, GatewayDispatchEvents } from 'discord.js';
import type { Clock, Log } from '../../src/core/ports/world.ts';
import { acknowledge } from './acknowledge.ts';
import { apology } from './apology.ts';
import type { Call } from './call.ts';
import { isOurCommand } from './commands.ts';
import { failureOf } from './failure.ts';
import { commandToInbound, pressToInbound, toInbound } from './inbound.ts';
import type { Lines } from './lines.ts';
import { commandOf, type DiscordCommand, messageOf, pressOf } from './payload.ts';
import { takePress } from './press.ts';
import { createSurroundings, type Surroundings } from './surroundings.ts';
import { webhookPath } from './ticket.ts';

interface HearOptions {
  readonly call: Call;
  readonly lines: Lines;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** The bot may read what is not addressed to it. */
  readonly readsAll: boolean;
}

/** Takes what the gateway brings, as it brings it: the structures of discord.js need caches, and drop what is not in them. */
export function hear(client: Client, options: HearOptions): void {
  const surroundings = createSurroundings(client as Client<true>, options.readsAll);
  const on = (event: `${GatewayDispatchEvents}`, act: (payload: unknown) => void) => {
    client.ws.on(event as GatewayDispatchEvents, (payload: unknown) => {
      try {
        act(payload);
      } catch {
        options.log.error({ event }, 'something that was heard could not be read, and is left out');
      }
    });
  };
  on('MESSAGE_CREATE', (payload) => hearMessage(payload, surroundings, options));
  on('INTERACTION_CREATE', (payload) => {
    hearCommand(payload, surroundings, options);
    hearPress(payload, surroundings, options);
  });
}

function hearMessage(payload: unknown, surroundings: Surroundings, { lines }: HearOptions): void {
  const message = messageOf(payload);
  if (!message) return;
  const { channel_id: channel, channel_type: type, guild_id: guild } = message;
  const place = surroundings.at({ channel, type, guild });
  const inbound = toInbound(message, place);
  const talks = message.author.id === place.me || inbound?.addressed === 'mention';
  if (place.isThread && talks) surroundings.talk(channel);
  if (inbound) lines.add(inbound);
}

function hearCommand(payload: unknown, surroundings: Surroundings, options: HearOptions): void {
  const { call, lines, log } = options;
  const command = commandOf(payload);
  if (!command || !isOurCommand(command.data.name)) return;
  const { channel_id: channel, guild_id: guild } = command;
  const inbound = commandToInbound(command, surroundings.at({ channel, type: command.channel?.type, guild }));
  if (!inbound) return;
  // Before anybody can answer it. Should it not succeed, the command is carried out all the same.
  const promised = acknowledge(command, options).catch((error: unknown) =>
    log.warn({ reason: failureOf(error).reason }, 'a slash command could not be acknowledged'),
  );
  lines.tryOnce(inbound, promised).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    log.error({ reason }, 'a slash command could not be stored; whoever gave it is told');
    return apologise(call, command);
  });
}

function hearPress(payload: unknown, surroundings: Surroundings, options: HearOptions): void {
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
