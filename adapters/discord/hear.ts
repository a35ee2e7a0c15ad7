import type { Client, GatewayDispatchEvents } from 'discord.js';
import type { InboundMessage } from '../../src/core/message.ts';
import type { Clock, Log } from '../../src/core/ports/world.ts';
import type { Call } from './call.ts';
import { hearCommand, hearPress } from './hear-interaction.ts';
import { editToInbound, toInbound } from './inbound.ts';
import type { Lines } from './lines.ts';
import type { Missed } from './missed.ts';
import { messageOf, placedOf, timestampOf } from './payload.ts';
import type { Seen, Spot } from './seen.ts';
import { hearBeginning } from './session.ts';
import { createSurroundings, type Surroundings } from './surroundings.ts';

export interface HearOptions {
  readonly call: Call;
  readonly lines: Lines;
  readonly seen: Seen;
  readonly missed: Missed;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Channels in which something waits for its turn to be looked up. */
  readonly owing: Set<string>;
  /** The bot may read what is not addressed to it. */
  readonly readsAll: boolean;
}

/** Takes what the gateway brings, as it brings it: the structures of discord.js need caches, and drop what is not in them. */
export function hear(client: Client, options: HearOptions): void {
  const { log, missed, signal } = options;
  const surroundings = createSurroundings(client as Client<true>, options.readsAll);
  const told = new Set<string>();
  const on = (event: `${GatewayDispatchEvents}`, act: (payload: unknown) => void) => {
    client.ws.on(event as GatewayDispatchEvents, (payload: unknown) => {
      if (signal.aborted) return;
      try {
        act(payload);
      } catch {
        if (!told.has(event))
          log.error({ event }, 'something that was heard could not be read, and is left out');
        told.add(event);
      }
    });
  };
  const take = (payload: unknown, spot: Spot) => takeMissed(payload, spot, surroundings, options);
  hearBeginning(client, on, { missed, take });
  on('MESSAGE_CREATE', (payload) => hearMessage(payload, surroundings, options));
  on('MESSAGE_UPDATE', (payload) => hearEdit(payload, surroundings, options));
  on('INTERACTION_CREATE', (payload) => {
    hearCommand(payload, surroundings, options);
    hearPress(payload, surroundings, options);
  });
}

/** Everything that is written shows that a channel is active, whoever wrote it: a question may come next. */
function hearMessage(payload: unknown, surroundings: Surroundings, options: HearOptions): void {
  const { lines, seen } = options;
  const placed = placedOf(payload);
  if (!placed) return;
  const { id, ...spot } = placed;
  seen.hear(spot, id);
  const pass = () => seen.pass(spot, id);
  const inbound = read(payload, spot, surroundings);
  // Bots may say very much while the store is away: all of it waits as one.
  if (!inbound) lines.afterLast(spot.channel, pass);
  else if (!lines.add(inbound, pass)) oweLater(spot, options);
}

/** When it is the turn of what there was no room for, it is looked up. */
function oweLater(spot: Spot, { lines, missed, owing }: HearOptions): void {
  if (owing.has(spot.channel)) return;
  owing.add(spot.channel);
  lines.after(spot.channel, () => {
    owing.delete(spot.channel);
    missed.owe(spot);
  });
}

/** What was written while nobody listened comes without what the gateway adds. */
async function takeMissed(
  payload: unknown,
  spot: Spot,
  surroundings: Surroundings,
  { lines, log }: HearOptions,
): Promise<void> {
  const inbound = attempt(() => read(payload, spot, surroundings), log);
  if (inbound) await lines.addMissed({ ...inbound, ...whenWritten(payload, inbound), isMissed: true });
}

/** By what the message itself says of it: servers that only resemble Discord may have ids without a time in them. */
function whenWritten(payload: unknown, { sentAt }: InboundMessage): Pick<InboundMessage, 'sentAt'> {
  const at = Date.parse(timestampOf(payload) ?? '');
  return { sentAt: Number.isNaN(at) ? sentAt : at };
}

function attempt<T>(read: () => T, log: Log): T | undefined {
  try {
    return read();
  } catch {
    log.error({}, 'a message that was looked up could not be read, and is left out');
    return undefined;
  }
}

function read(payload: unknown, spot: Spot, surroundings: Surroundings): InboundMessage | undefined {
  const { channel, guild, type } = spot;
  const message = messageOf(payload);
  if (!message) return undefined;
  const place = surroundings.at({ channel, type, guild });
  const inbound = toInbound({ ...message, channel_id: channel, guild_id: guild }, place);
  const talks = message.author.id === place.me || inbound?.addressed === 'mention';
  if (place.isThread && talks) surroundings.talk(channel);
  return inbound;
}

/** It has its place in the line as if it were written anew. */
function hearEdit(payload: unknown, surroundings: Surroundings, { lines, clock }: HearOptions): void {
  const message = messageOf(payload);
  if (!message) return;
  const { channel_id: channel, channel_type: type, guild_id: guild } = message;
  const edit = editToInbound(message, surroundings.at({ channel, type, guild }), clock.now());
  // Without room it is left out, which the lines tell of: the message is looked up with its newer text, if at all.
  if (edit) lines.add(edit);
}
