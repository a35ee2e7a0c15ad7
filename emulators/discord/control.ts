import type { APIUser } from 'discord.js';
import { z } from 'zod';
import { type FaultRequest, faultShape } from './faults.ts';
import type { Gateway } from './gateway/gateway.ts';
import type { Dm, Guild, GuildOptions } from './guilds.ts';
import { createPlace } from './people.ts';
import type { RecordedCall } from './recorded-call.ts';
import { Refusal } from './refusal.ts';
import type { Screen } from './screen.ts';
import { type BotState, type ChannelState, isDm, isThread, type World } from './world.ts';

export interface ControlOptions {
  readonly world: World;
  readonly bot: BotState;
  readonly calls: readonly RecordedCall[];
  readonly screen: Screen;
  readonly gateway: Gateway;
  person(options: { name?: string; locale?: string }): APIUser;
  guild(options: GuildOptions): Guild;
  dm(person: APIUser): Dm;
  fault(fault: FaultRequest, times: number): void;
}

const newChannel = z.object({
  type: z.enum(['dm', 'guild']),
  name: z.string().default('Lin'),
  locale: z.string().default('en-US'),
  channels: z.array(z.string()).default(['general']),
});

const inChannel = z.object({ channel: z.string(), from: z.string().optional() });
const said = inChannel.extend({ text: z.string(), replyTo: z.string().optional() });
const ran = inChannel.extend({ command: z.string() });
const pressed = inChannel.extend({ message: z.string(), customId: z.string() });
const repeated = z.object({ times: z.number().int().default(1) });
const disturbed = z.object({
  do: z.enum(['drop', 'reconnect', 'invalidate', 'close', 'refuse', 'admit']),
  /** With what they are closed or refused. */
  code: z.number().int().optional(),
  resumable: z.boolean().default(false),
});

/** What people and other processes may ask for under /_emulator/. */
export function createControl({ world, bot, calls, screen, gateway, ...actions }: ControlOptions) {
  function addChannels(body: Buffer) {
    const { type, name, locale, channels } = parse(newChannel, body);
    const person = actions.person({ name, locale });
    if (type === 'dm') return { channels: [{ id: actions.dm(person).id, name }] };
    const guild = actions.guild({ person });
    const made = channels.map((channel) => ({ id: guild.channel({ name: channel }).id, name: channel }));
    return { id: guild.id, channels: made };
  }

  function placeOf({ channel: id, from }: z.infer<typeof inChannel>) {
    const channel = channelOf(world, id);
    const members = channel.guild === undefined ? [...channel.recipients.values()] : membersOf(channel);
    const person = from === undefined ? members.find((user) => user.bot !== true) : world.users.get(from);
    if (person === undefined) throw new Refusal(404, 0, 'nobody there can do it');
    return createPlace({ world, channel, bot, person });
  }

  function say(body: Buffer) {
    const { text, replyTo, ...where } = parse(said, body);
    return { id: placeOf(where).say(text, { ...(replyTo !== undefined && { replyTo }) }).id };
  }

  function run(body: Buffer) {
    const { command, ...where } = parse(ran, body);
    return { id: placeOf(where).run(command).id };
  }

  function press(body: Buffer) {
    const { message, customId, ...where } = parse(pressed, body);
    return { id: placeOf(where).press(message, customId).id };
  }

  function fault(body: Buffer) {
    actions.fault(parse(faultShape, body), parse(repeated, body).times);
    return true;
  }

  function disturb(body: Buffer) {
    const { do: what, resumable, code } = parse(disturbed, body);
    if (what === 'invalidate') gateway.invalidate({ resumable });
    else if (what === 'close') gateway.close(code ?? 4000);
    else if (what === 'refuse') gateway.refuse(code ?? 'reset');
    else if (what === 'admit') gateway.refuse(undefined);
    else gateway[what]();
    return true;
  }

  const doing: Readonly<Record<string, (body: Buffer) => unknown>> = {
    channels: addChannels,
    say,
    run,
    press,
    fault,
    gateway: disturb,
  };
  const looking = createLooking(world, calls, screen, gateway);

  return (method: string, url: URL, bytes: Buffer): unknown => {
    const what = url.pathname.replace('/_emulator/', '');
    const [act, look] = method === 'POST' ? [doing[what]] : [undefined, looking[what]];
    if (act !== undefined) return act(bytes);
    if (look !== undefined) return look(url.searchParams.get('channel'));
    const names = [...new Set([...Object.keys(doing), ...Object.keys(looking)])].join(', ');
    throw new Refusal(404, 0, `the emulator has: ${names}`);
  };
}

type Looking = Readonly<Record<string, (channelId: string | null) => unknown>>;

const createLooking = (
  world: World,
  calls: readonly RecordedCall[],
  screen: Screen,
  gateway: Gateway,
): Looking => ({
  channels: () => [...world.channels.values()].map(describe),
  shown: (id) => screen.shown(channelOf(world, id).id).map(withoutBytes),
  typing: (id) => screen.typing(channelOf(world, id).id),
  pings: (id) => screen.pings(id ?? undefined),
  calls: () => calls,
  gateway: () => gateway.connections,
});

// Whoever reads this has the content as text.
const withoutBytes = ({ files, ...message }: ReturnType<Screen['shown']>[number]) => ({
  ...message,
  files: files.map(({ bytes, ...file }) => file),
});

function channelOf(world: World, id: string | null): ChannelState {
  const channel = world.channels.get(id ?? '');
  if (channel === undefined) throw new Refusal(404, 0, 'there is no such channel');
  return channel;
}

const membersOf = ({ guild }: ChannelState) => [...(guild?.members.values() ?? [])].map(({ user }) => user);

const describe = (channel: ChannelState) => ({
  id: channel.id,
  name: channel.name,
  type: isDm(channel) ? 'dm' : isThread(channel) ? 'thread' : 'channel',
  ...(channel.guild && { guild: channel.guild.id }),
  ...(channel.parent && { parent: channel.parent.id }),
});

function parse<T>(shape: z.ZodType<T>, body: Buffer): T {
  try {
    return shape.parse(JSON.parse(body.toString()));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : 'the body is not JSON';
    throw new Refusal(400, 0, reason);
  }
}
