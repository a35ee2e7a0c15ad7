import { expect, onTestFinished } from 'vitest';
import { CozeFailed, type CozeFailureFacts } from '../../src/core/errors.ts';
import type { CozeBackend, CozeEvent, Question } from '../../src/core/ports/coze.ts';
import { type CozeSettings, createCozeBackends } from '../../src/coze/client.ts';
import { type RawRequest, type RawServer, type Reply, startRawServer } from './raw-server.ts';
import { createStillClock, type StillClock } from './still-clock.ts';
import { conversationId } from './wire-samples.ts';

export const token = 'pat_SECRETsecretSECRET';

export interface Stand {
  readonly backend: CozeBackend;
  readonly server: RawServer;
  readonly clock: StillClock;
}

/** A client, and a server that answers as the test says. */
export async function openStand(
  answer: (reply: Reply, request: RawRequest) => void,
  settings: Partial<CozeSettings> = {},
): Promise<Stand> {
  const server = await startRawServer(answer);
  onTestFinished(() => server.close());
  const clock = createStillClock();
  const backend = createCozeBackends({
    token,
    botId: '7379462189365198898',
    baseUrl: server.url,
    saveHistory: true,
    clock,
    ...settings,
    // Where it does not matter, what fails once has failed.
    limits: { recoverFailures: 0, ...settings.limits },
  })();
  return { backend, server, clock };
}

export const question: Question = {
  conversationId,
  userId: 'a1b2c3',
  text: 'What is the weather?',
  turnId: 'turn-1',
  speaker: { name: 'Mia', platform: 'telegram', locale: 'de' },
};

export interface Heard {
  readonly events: CozeEvent[];
  /** What was shown, in order. */
  readonly texts: string[];
  readonly answer: string | undefined;
  readonly error: unknown;
}

/** Asks and listens to the end. */
export async function hear(
  backend: CozeBackend,
  signal = new AbortController().signal,
  asked = question,
): Promise<Heard> {
  const events: CozeEvent[] = [];
  let error: unknown;
  try {
    for await (const event of backend.ask(asked, signal)) events.push(event);
  } catch (caught) {
    error = caught;
  }
  const texts = events.flatMap((event) => (event.type === 'text' ? event.text : []));
  const answer = events.flatMap((event) => (event.type === 'done' ? event.answer.text : [])).at(0);
  return { events, texts, answer, error };
}

/** What a failure says of itself; anything that is not a CozeFailed fails the test. */
export function factsOf(error: unknown): CozeFailureFacts {
  if (error instanceof CozeFailed) return error.facts;
  throw new Error('not a CozeFailed', { cause: error });
}

export function failureOf(work: Promise<unknown>): Promise<CozeFailureFacts> {
  return work.then(() => {
    throw new Error('it did not fail');
  }, factsOf);
}

/** Streams these bytes in one chunk, and ends as HTTP wants it. */
export const streaming =
  (body: string, ...headers: string[]) =>
  (reply: Reply): void => {
    reply.stream(...headers);
    reply.chunk(body);
    reply.last();
  };

/** Waits for what is bound to come, however slow the machine. */
export const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 10_000, interval: 5 });
