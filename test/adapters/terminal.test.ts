import { PassThrough } from 'node:stream';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Tools } from '../../adapters/platform.ts';
import { createTerminal } from '../../adapters/terminal/index.ts';
import type { InboundMessage } from '../../src/core/message.ts';
import type { Sender } from '../../src/core/ports/platform.ts';
import type { Log } from '../../src/core/ports/world.ts';
import { createLeases } from '../../src/embedded/leases.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createNotes } from '../support/notes.ts';

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };
const toolsWith = (greeting: string) => ({
  clock: createFakeClock(),
  log: quiet,
  greeting: async () => greeting,
  invite: () => expect.fail('it has no other place'),
  leases: createLeases(),
  notes: createNotes(),
  answerWithinMs: 900_000,
  budget: { learn: async () => {} },
  isAccompanied: false,
  desk: {} as Tools['desk'],
  coze: {} as Tools['coze'],
  health: async () => expect.fail('nobody asks'),
  metrics: async () => expect.fail('nobody asks'),
});
let input: PassThrough;
let output: PassThrough;
let sender: Sender;
let heard: InboundMessage[];
let stop: AbortController;
let received: Promise<void>;

beforeEach(() => {
  input = new PassThrough();
  output = new PassThrough();
  heard = [];
  stop = new AbortController();
  const tools = toolsWith('Hello!');
  const terminal = createTerminal(input, output);
  sender = terminal.sender({}, tools);
  const receive = terminal.receive({}, tools);
  received = receive(
    async (message) => void heard.push(message),
    stop.signal,
    () => {},
  );
});

const printed = () => String(output.read() ?? '');

async function hears(count: number): Promise<void> {
  while (heard.length < count) await new Promise((resolve) => setImmediate(resolve));
}

async function answer(text: string): Promise<void> {
  const { target } = heard.at(-1) as InboundMessage;
  await sender.post(target, { text });
  sender.end?.(target, { outcome: 'answered' });
}

describe('the terminal', () => {
  test('hears a message a line, in private, each with an id of its own', async () => {
    input.write('hello\n\n  how are you?  \n');
    await hears(1);
    await answer('Hi.');
    await hears(2);
    expect(heard.map(({ text, addressed }) => [text, addressed])).toEqual([
      ['hello', 'direct'],
      ['how are you?', 'direct'],
    ]);
    expect(heard[0]?.id).not.toBe(heard[1]?.id);
  });

  test('takes reset for the command', async () => {
    input.write('reset\n');
    await hears(1);
    expect(heard[0]?.text).toBe('/reset');
  });

  test('after the end of input waits for the last answer', async () => {
    input.end('hello\n');
    await hears(1);
    let over = false;
    void received.then(() => {
      over = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(over).toBe(false);
    await answer('Hi.');
    await received;
  });

  test('does not wait when it is told to stop', async () => {
    input.write('hello\n');
    await hears(1);
    stop.abort();
    await received;
  });

  test('hears nothing when it is to stop before it began', async () => {
    stop.abort();
    await createTerminal(input, output).receive({}, toolsWith(''))(
      async () => {
        throw new Error('nothing should be heard');
      },
      stop.signal,
      () => {},
    );
  });

  test('prints what was added, and the whole text when it has become another', async () => {
    input.write('hello\n');
    await hears(1);
    const { target } = heard[0] as InboundMessage;
    const ref = await sender.post(target, { text: 'It is' });
    await sender.edit(ref, { text: 'It is well' });
    await sender.edit(ref, { text: 'It is well.' });
    expect(printed()).toBe('It is well.');
    await sender.edit(ref, { text: 'No.' });
    expect(printed()).toBe('\n\nNo.');
  });

  test('prints nothing but answers where nobody looks on', async () => {
    input.write('hello\n');
    await hears(1);
    await answer('Hi.');
    expect(printed()).toBe('Hi.\n');
  });

  test('has no message for a text without anything to see', () => {
    expect(sender.render(' \n ').parts).toEqual([]);
  });

  /** A person looks on, who has not been greeted yet. */
  function greetLater() {
    const asTerminal = () => Object.assign(new PassThrough(), { isTTY: true });
    const [keys, screen] = [asTerminal(), asTerminal()];
    let greet = (_words: string) => {};
    const greeting = new Promise<string>((resolve) => {
      greet = resolve;
    });
    const terminal = createTerminal(keys, screen);
    const ended = terminal.receive({}, { ...toolsWith(''), greeting: () => greeting })(
      async (message) => void heard.push(message),
      stop.signal,
      () => {},
    );
    return { keys, screen, greet, ended, sender: terminal.sender({}, toolsWith('')) };
  }

  test('greets a person only when it is known where else they can go, and hears what they write after that', async () => {
    const { keys, screen, greet, ended } = greetLater();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(screen.read()).toBeNull();
    greet('There is a page, too.');
    await expect.poll(() => String(screen.read() ?? '')).toContain('There is a page, too.\n');
    keys.write('hello\r');
    await hears(1);
    stop.abort();
    await ended;
  });

  test.each([
    ['Ctrl-C', '\x03', '(stopping after this answer; Ctrl-C again stops now)'],
    ['exit', 'exit\r', '(waiting for the last answer; Ctrl-C twice stops now)'],
  ])('says once, after %s, what becomes of the answer that runs', async (_what, key, words) => {
    const { keys, screen, greet, ended, sender } = greetLater();
    const end = () => stop.abort();
    process.on('SIGINT', end);
    onTestFinished(() => void process.off('SIGINT', end));
    let shown = '';
    screen.on('data', (piece) => {
      shown += piece;
    });
    greet('Hello.');
    await expect.poll(() => shown).toContain('> ');
    keys.write('hello\r');
    await hears(1);
    keys.write(key);
    await expect.poll(() => shown).toContain(words);
    if (key === '\x03') await ended;
    sender.end?.((heard[0] as InboundMessage).target, { outcome: 'answered' });
    await ended;
    // Nothing more is asked for.
    expect(shown.split(words)[1]).toBe('\n\n');
    expect(shown.match(/\(.*Ctrl-C.*\)/g)).toEqual([words]);
  });

  test('greets nobody when it is to stop before that', async () => {
    const { screen, greet, ended } = greetLater();
    stop.abort();
    greet('There is a page, too.');
    await ended;
    expect(screen.read()).toBeNull();
  });
});
