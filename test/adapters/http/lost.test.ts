import { expect, onTestFinished, test } from 'vitest';
import { createCounter } from '../../../adapters/http/counter.ts';
import { listen, type Telling } from '../../../adapters/http/telling.ts';
import { controlKey, conversationKey } from '../../../src/core/addressing.ts';
import type { InboundMessage } from '../../../src/core/message.ts';
import type { Home } from '../../../src/core/ports/store.ts';
import { createEmbeddedStore } from '../../embedded/store.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

interface Rig {
  readonly home: Home;
  /** What is heard of the answer by now. */
  readonly heard: readonly Telling[];
  /** So much time goes by. */
  pass(ms: number): Promise<void>;
  readonly message: string;
}

const keyOf = (message: InboundMessage) => conversationKey(message, 'personal');

/** Somebody who asks, and listens; what becomes of the question is up to `deliver`. */
async function ask(deliver: (message: InboundMessage, home: Home) => Promise<unknown>): Promise<Rig> {
  const store = await createEmbeddedStore();
  const home = await store.open();
  const clock = createFakeClock();
  const over = new AbortController();
  onTestFinished(async () => {
    over.abort();
    await home.close();
    await store.remove();
  });
  const counter = createCounter(home, async (message) => void (await deliver(message, home)));
  const asked = await counter.ask({
    owner: 'me',
    message: 'm',
    session: 's',
    user: 'u',
    locale: undefined,
    text: 'hello',
  });
  const heard: Telling[] = [];
  const listening = { asked, counter, feed: home.feed, clock, locale: 'zh-CN', signal: over.signal };
  void (async () => {
    for await (const { telling } of listen(listening)) heard.push(telling);
  })();
  return { home, heard, pass: (ms) => clock.advance(ms), message: asked.message };
}

const brokenOff = {
  type: 'end',
  ended: { outcome: 'failed', failure: 'cut', words: expect.stringMatching('请') },
};

test('an answer that nobody works on is told to have broken off, in the reader’s language', async () => {
  const { heard, pass } = await ask(async () => {});
  await pass(20_000);
  expect(heard).toEqual([]);
  await pass(15_000);
  expect(heard).toMatchObject([brokenOff]);
});

test('a question that waits, or is answered, for however long, is left alone', async () => {
  const { heard, pass, home, message } = await ask((asked, { mailbox }) => mailbox.put(keyOf(asked), asked));
  await pass(600_000);
  expect(heard).toEqual([]);
  await home.feed.append(message, { type: 'end', ended: { outcome: 'answered' } });
  await pass(0);
  expect(heard).toMatchObject([{ type: 'end', ended: { outcome: 'answered' } }]);
});

test('so is a command, which has a line of its own', async () => {
  const { heard, pass } = await ask((asked, { mailbox }) => mailbox.put(controlKey(keyOf(asked)), asked));
  await pass(600_000);
  expect(heard).toEqual([]);
});

test('one that has left its line is not told of before its own end can have come', async () => {
  const { heard, pass, home, message } = await ask(async () => {});
  await pass(16_000);
  await home.feed.append(message, { type: 'end', ended: { outcome: 'answered' } });
  await pass(60_000);
  expect(heard).toMatchObject([{ type: 'end', ended: { outcome: 'answered' } }]);
});
