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

  function say(body: Buffer) {
    const { chat, topic, text, from, replyTo } = parse(said, body);
    const state = stateOf(chat);
    const people = [...state.members.values()].map(({ user }) => user).filter((user) => !user.is_bot);
    const person = from === undefined ? people[0] : world.people.get(from);
    if (person === undefined) throw new Refusal(404, 'nobody there can say it');
    const place = createPlace({ world, state, person, ...(topic !== undefined && { threadId: topic }) });
    return place.say(text, { ...(replyTo !== undefined && { replyTo }) });
  }

  function stateOf(chatId: number) {
    const state = world.chats.find(({ chat }) => chat.id === chatId);
    if (state === undefined) throw new Refusal(404, 'there is no such chat');
    return state;
  }

  function fault(body: Buffer) {
    const { times } = parse(repeated, body);
    actions.fault(parse(faultShape, body), times);
    return true;
  }

  const chats = () => world.chats.map(({ chat, topics }) => ({ ...chat, topics: [...topics.values()] }));
  const number = (url: URL, name: string) => {
    const text = url.searchParams.get(name);
    return text === null ? undefined : Number(text);
  };

  return (method: string, url: URL, bytes: Buffer): unknown => {
    const chat = number(url, 'chat') ?? 0;
    switch (`${method} ${url.pathname.replace('/_emulator/', '')}`) {
      case 'GET chats':
        return chats();
      case 'POST chats':
        return addChat(bytes);
      case 'POST say':
        return say(bytes);
      case 'GET shown':
        return screen.shown(stateOf(chat).chat.id, number(url, 'topic')).map(withoutBytes);
      case 'GET typing':
        return screen.typing(stateOf(chat).chat.id);
      case 'GET drafts':
        return screen.drafts(stateOf(chat).chat.id);
      case 'GET calls':
        return calls;
      case 'POST fault':
        return fault(bytes);
      default:
        throw new Refusal(404, 'the emulator has: chats, say, shown, typing, drafts, calls, fault');
    }
  };
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
