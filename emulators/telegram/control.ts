import type { User } from 'grammy/types';
import { z } from 'zod';
import type { Group, GroupOptions, PrivateChat } from './chats.ts';
import { type Faults, faultShape } from './faults.ts';
import { createPlace } from './people.ts';
import { Refusal } from './refusal.ts';
import type { Screen } from './screen.ts';
import type { RecordedCall } from './server.ts';
import type { World } from './world.ts';

export interface ControlOptions {
  readonly world: World;
  readonly calls: readonly RecordedCall[];
  readonly screen: Screen;
  person(options: { name?: string; locale?: string }): User;
  privateChat(person: User): PrivateChat;
  group(options: GroupOptions): Group;
  readonly fault: Faults['add'];
}

const newChat = z.object({
  type: z.enum(['private', 'group', 'supergroup', 'forum']),
  name: z.string().default('Lin'),
  locale: z.string().default('en'),
  title: z.string().default('Reading circle'),
  topics: z.array(z.string()).default([]),
});

const said = z.object({
  chat: z.number(),
  topic: z.number().optional(),
  text: z.string(),
  from: z.number().optional(),
  replyTo: z.number().optional(),
});

const pressed = z.object({
  chat: z.number(),
  message: z.number(),
  data: z.string(),
  from: z.number().optional(),
});

const stopped = z.object({ chat: z.number(), draft: z.number().optional() });

const repeated = z.object({ times: z.number().int().default(1) });

/** What people and other processes may ask for under /_emulator/. */
export function createControl({ world, calls, screen, ...actions }: ControlOptions) {
  function addChat(body: Buffer) {
    const { type, name, locale, title, topics } = parse(newChat, body);
    const person = actions.person({ name, locale });
    if (type === 'private') return { id: actions.privateChat(person).id, topics: [] };
    const group = actions.group({ title, kind: type, person });
    return { id: group.id, topics: topics.map((topic) => ({ id: group.topic(topic).id, name: topic })) };
  }

  function placeOf({
    chat,
    topic,
    from,
  }: {
    chat: number;
    topic?: number | undefined;
    from?: number | undefined;
  }) {
    const state = stateOf(world, chat);
    const people = [...state.members.values()].map(({ user }) => user).filter((user) => !user.is_bot);
    const person = from === undefined ? people[0] : world.people.get(from);
    if (person === undefined) throw new Refusal(404, 'nobody there can do it');
    return createPlace({ world, state, person, ...(topic !== undefined && { threadId: topic }) });
  }

  function say(body: Buffer) {
    const { text, replyTo, ...where } = parse(said, body);
    return placeOf(where).say(text, { ...(replyTo !== undefined && { replyTo }) });
  }

  function press(body: Buffer) {
    const { message, data, ...where } = parse(pressed, body);
    return { id: placeOf(where).press(message, data).id };
  }

  function stop(body: Buffer) {
    const { draft, ...where } = parse(stopped, body);
    placeOf(where).stopDraft(draft);
    return true;
  }

  function fault(body: Buffer) {
    const { times } = parse(repeated, body);
    actions.fault(parse(faultShape, body), times);
    return true;
  }

  const doing: Readonly<Record<string, (body: Buffer) => unknown>> = {
    chats: addChat,
    say,
    press,
    stop,
    fault,
  };
  const looking = createLooking(calls, screen, world);

  return (method: string, url: URL, bytes: Buffer): unknown => {
    const what = url.pathname.replace('/_emulator/', '');
    const [act, look] = method === 'POST' ? [doing[what]] : [undefined, looking[what]];
    if (act !== undefined) return act(bytes);
    if (look !== undefined) return look(url);
    const names = [...new Set([...Object.keys(doing), ...Object.keys(looking)])].join(', ');
    throw new Refusal(404, `the emulator has: ${names}`);
  };
}

type Looking = Readonly<Record<string, (url: URL) => unknown>>;

function createLooking(calls: readonly RecordedCall[], screen: Screen, world: World): Looking {
  const number = (url: URL, name: string) => {
    const text = url.searchParams.get(name);
    return text === null ? undefined : Number(text);
  };
  const chatIn = (url: URL) => stateOf(world, number(url, 'chat') ?? 0).chat.id;
  return {
    chats: () => world.chats.map(({ chat, topics }) => ({ ...chat, topics: [...topics.values()] })),
    shown: (url) => screen.shown(chatIn(url), number(url, 'topic')).map(withoutBytes),
    typing: (url) => screen.typing(chatIn(url)),
    drafts: (url) => screen.drafts(chatIn(url)),
    calls: () => calls,
  };
}

function stateOf(world: World, chatId: number) {
  const state = world.chats.find(({ chat }) => chat.id === chatId);
  if (state === undefined) throw new Refusal(404, 'there is no such chat');
  return state;
}

// Whoever reads this has the content as text.
function withoutBytes({ document, ...message }: ReturnType<Screen['shown']>[number]) {
  if (document === undefined) return message;
  const { bytes: _bytes, ...file } = document;
  return { ...message, document: file };
}

function parse<T>(shape: z.ZodType<T>, body: Buffer): T {
  try {
    return shape.parse(JSON.parse(body.toString()));
  } catch (error) {
    throw new Refusal(400, error instanceof z.ZodError ? z.prettifyError(error) : 'the body is not JSON');
  }
}
