import { CozeAPI, type RoleType, type StreamChatData, type StreamChatReq } from '@coze/api';
import { onTestFinished } from 'vitest';
import { type CozeEmulatorOptions, startCozeEmulator } from '../../emulators/coze/index.ts';
import type { Script } from '../../emulators/coze/script.ts';
import type { WireOptions } from '../../emulators/coze/wire.ts';

/** An event as the official SDK yields it. */
export interface SeenEvent {
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: events are of any shape, broken ones too
  readonly data: any;
}

export interface Seen {
  readonly events: readonly SeenEvent[];
  /** What the generator threw. */
  readonly error?: unknown;
}

export const botId = '7379462189365198898';

/** An emulator that does not dawdle, gone when the test is. */
export async function emulate(options: CozeEmulatorOptions = {}) {
  const emulator = await startCozeEmulator({
    pace: { everyMs: 0 },
    rateLimit: { perSecond: 1_000 },
    ...options,
  });
  onTestFinished(() => emulator.close());
  return { emulator, api: clientOf(emulator.url), url: emulator.url };
}

export const clientOf = (url: string, token = 'pat_test') => new CozeAPI({ baseURL: url, token });

export const said = (content: string) => ({
  role: 'user' as RoleType,
  content,
  content_type: 'text' as const,
});

export function request(text: string, more: Partial<StreamChatReq> = {}): StreamChatReq {
  return { bot_id: botId, user_id: 'u1', additional_messages: [said(text)], ...more };
}

/** Reads a stream to its end, however it ends. */
export async function collect(
  stream: AsyncIterable<object>,
  onEvent: (event: SeenEvent) => void = () => {},
): Promise<Seen> {
  const events: SeenEvent[] = [];
  try {
    for await (const event of stream) {
      events.push(structuredClone(event) as SeenEvent);
      onEvent(event as SeenEvent);
    }
    return { events };
  } catch (error) {
    return { events, error };
  }
}

export const ask = (api: CozeAPI, text: string, more?: Partial<StreamChatReq>) =>
  collect(api.chat.stream(request(text, more)));

/** Asks a bot that follows the script. */
export async function play(script: Script, wire: WireOptions = {}) {
  const { emulator, api, url } = await emulate({ wire });
  emulator.answer(script);
  return { seen: await ask(api, 'hi'), emulator, api, url };
}

/** The SDK's type does not say that its stream is a generator. */
export function streamOf(api: CozeAPI, asked: StreamChatReq, signal?: AbortSignal) {
  return api.chat.stream(asked, { ...(signal && { signal }) }) as AsyncGenerator<StreamChatData>;
}

/** Asks, and reads no further than `chat.created`. */
export async function begin(api: CozeAPI, text: string, signal?: AbortSignal) {
  const stream = streamOf(api, request(text), signal);
  const first = await stream.next();
  if (first.done) throw new Error('the stream had no event');
  return { stream, ...(first.value.data as { conversation_id: string; id: string }) };
}

/** The names of the events, repeated deltas as one. */
export function namesOf({ events }: Seen): string[] {
  return events
    .map(({ event, data }) => (event === 'conversation.message.completed' ? `completed ${data.type}` : event))
    .map((name) => name.replace('conversation.', ''))
    .filter((name, index, all) => name !== 'message.delta' || all[index - 1] !== name);
}

export const deltasOf = ({ events }: Seen) =>
  events
    .filter(({ event }) => event === 'conversation.message.delta')
    .map(({ data }) => data.content)
    .join('');

export const answersOf = ({ events }: Seen): string[] =>
  events
    .filter(({ event, data }) => event === 'conversation.message.completed' && data.type === 'answer')
    .map(({ data }) => data.content);

/** The chat's ids, as `conversation.chat.created` tells them. */
export function idsOf({ events }: Seen): { conversationId: string; chatId: string } {
  const created = events.find(({ event }) => event === 'conversation.chat.created')?.data;
  return { conversationId: created?.conversation_id, chatId: created?.id };
}

/** Asks, and opens the gate once the first delta is here. */
export const askAndOpen = (api: CozeAPI, open: () => void) =>
  collect(api.chat.stream(request('hi')), ({ event }) => event.endsWith('.delta') && open());

/** A call without the SDK, for what the SDK would not send. */
export async function call(url: string, path: string, body?: unknown, token: string | null = 'pat_test') {
  const response = await fetch(url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  // biome-ignore lint/suspicious/noExplicitAny: replies are of any shape
  const json: any = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : undefined;
  return { status: response.status, headers: response.headers, text, json };
}

/** A promise to hold a run with, and the key to it. */
export function gate() {
  let open = () => {};
  const until = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { until, open };
}
