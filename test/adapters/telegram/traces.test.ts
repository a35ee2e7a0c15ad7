import { expect, test } from 'vitest';
import { createTelegramSender } from '../../../adapters/telegram/send.ts';
import { createTrail } from '../../../adapters/telegram/traces.ts';
import { MessageGone, Unreachable } from '../../../src/core/errors.ts';
import type { ReplyTarget } from '../../../src/core/message.ts';
import type { Sender, Traces } from '../../../src/core/ports/platform.ts';
import { failure, startSending } from './sending.ts';

function tracesOf({ traces }: Sender): Traces {
  return traces ?? expect.fail('it has no traces');
}

/** Looks for a post as core does: where it was found, and how often it was looked for. */
async function find(sender: Sender, target: ReplyTarget, mark: string) {
  const candidates = tracesOf(sender).candidates(target, mark);
  for (const [index, ref] of candidates.entries()) {
    const error = await sender.edit(ref, { text: 'found' }).catch((reason: unknown) => reason);
    if (error === undefined) return { id: ref.id, looks: index + 1 };
    expect(error).toBeInstanceOf(MessageGone);
  }
  return { id: undefined, looks: candidates.length };
}

test.each(['private', 'group', 'supergroup'] as const)(
  'in a %s, a post that landed unseen is found, and what others wrote stays as it is',
  async (kind) => {
    const { emulator, sender, at } = await startSending();
    const chat = kind === 'private' ? emulator.privateChat() : emulator.group({ kind });
    const { message_id } = chat.say('why?');
    const target = at(chat, { after: String(message_id) });
    const mark = tracesOf(sender).mark(target);
    chat.say('anybody?');
    emulator.fault({ kind: 'drop', landed: true });
    expect(await failure(sender.post(target, { text: 'so' }))).toBeInstanceOf(Unreachable);
    expect(await find(sender, target, mark)).toEqual({ id: String(message_id + 2), looks: 2 });
    expect(emulator.shown(chat.id).map(({ text }) => text)).toEqual(['found']);
  },
);

test('a process that has seen nothing finds it by what the other one has noted', async () => {
  const { emulator, sender, at, log } = await startSending();
  const [chat, elsewhere] = [emulator.privateChat(), emulator.privateChat()];
  const { message_id } = chat.say('why?');
  for (let times = 0; times < 20; times++) elsewhere.say('hi');
  await sender.post(at(elsewhere), { text: 'hello' });
  const target = at(chat, { after: String(message_id) });
  const mark = tracesOf(sender).mark(target);
  emulator.fault({ kind: 'drop', landed: true });
  await failure(sender.post(target, { text: 'so' }));
  const { token, url } = emulator;
  const fresh = createTelegramSender({ TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: url }, { log });
  expect(await find(fresh, target, mark)).toEqual({ id: String(message_id + 22), looks: 1 });
});

test('questions of other chats count too, but not those of a supergroup', async () => {
  const { emulator, sender, at } = await startSending();
  const traces = tracesOf(sender);
  const [chat, other] = [emulator.privateChat(), emulator.group()];
  const [one, two] = [emulator.group({ kind: 'supergroup' }), emulator.group({ kind: 'supergroup' })];
  await sender.showTyping?.(at(other, { after: '50' }));
  await sender.showTyping?.(at(one, { after: '900' }));
  const first = (target: ReplyTarget) => traces.candidates(target, traces.mark(target))[0]?.id;
  expect(first(at(chat, { after: '7' }))).toBe('51');
  expect(first(at(two, { after: '7' }))).toBe('8');
  expect(first(at(one, { after: '7' }))).toBe('901');
  traces.mark(at(other, { after: '60' }));
  expect(first(at(chat, { after: '7' }))).toBe('61');
});

test('another process has seen more', async () => {
  const { emulator, sender, at } = await startSending();
  const { mark } = tracesOf(sender);
  expect(mark(at(emulator.privateChat(), { after: '7' }), '30')).toBe('{"newest":30}');
  expect(mark(at(emulator.group(), { after: '8' }), '20')).toBe('{"newest":30}');
});

test('so does a message that was found, for it is there', async () => {
  const { emulator, sender, at, log } = await startSending();
  const { token, url } = emulator;
  const lost = createTelegramSender({ TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: url }, { log });
  const [chat, other] = [emulator.privateChat(), emulator.privateChat()];
  for (let times = 0; times < 10; times++) chat.say('hi');
  const ref = await lost.post(at(chat), { text: 'so' });
  const { mark } = tracesOf(sender);
  expect(mark(at(other, { after: '1' }))).toBe('{"newest":1}');
  await sender.edit(ref, { text: 'found' });
  expect(mark(at(other, { after: '1' }))).toBe('{"newest":11}');
});

test('not all supergroups are remembered for ever', () => {
  const trail = createTrail();
  for (let chat = 0; chat < 2_000; chat++) trail.saw(`${-1_002_100_000_000 - chat}`, 5);
  const marks = [0, 1_999].map((chat) =>
    trail.mark({ platform: 'telegram', bot: '7', channel: `${-1_002_100_000_000 - chat}` }),
  );
  expect(marks).toEqual(['{}', '{"newest":5}']);
});

test('what did not land is not there, and nobody is disturbed by the search', async () => {
  const { emulator, sender, at } = await startSending();
  const chat = emulator.privateChat();
  const target = at(chat, { after: String(chat.say('why?').message_id) });
  const mark = tracesOf(sender).mark(target);
  for (let times = 0; times < 3; times++) chat.say('hello?');
  // Five ids beyond the newest, the last of which may have come since; the question is the newest here.
  expect(await find(sender, target, mark)).toEqual({ id: undefined, looks: 5 });
  expect(emulator.shown(chat.id)).toEqual([]);
});

test('few are looked at, nothing is where nothing is known, and a mark that cannot be read tells nothing', async () => {
  const { sender } = await startSending();
  const { mark, candidates } = tracesOf(sender);
  const target = (channel: string, after?: string): ReplyTarget => ({
    platform: 'telegram',
    bot: '7',
    channel,
    ...(after !== undefined && { after }),
  });
  expect(mark(target('5'))).toBe('{}');
  expect(candidates(target('5'), '{}')).toEqual([]);
  const ids = (at: ReplyTarget, given: string, newest?: string) =>
    candidates(at, given, newest).map(({ id }) => id);
  for (const odd of ['', 'null', '[]', '{"newest":"x"}', '{"newest":-3}', '{"newest":1e99}'])
    expect(ids(target('-1001234567890', '9'), odd)).toEqual(['10', '11', '12', '13', '14', '15', '16', '17']);
  const elsewhere = (newest?: string) => ids(target('-1234567890', '9'), '{"newest":50}', newest);
  // The next ones of all; then, where each chat counts alone, the next ones there.
  const nextOnes = ['51', '52', '53', '54', '55', '10', '11', '12'];
  for (const newest of [undefined, '49', '50', 'x']) expect(elsewhere(newest)).toEqual(nextOnes);
  expect(elsewhere('52')).toEqual(['51', '52', '53', '54', '55', '56', '57', '10', '11', '12']);
  expect(elsewhere('2000')).toHaveLength(43);
  expect(elsewhere('2000').at(39)).toBe('90');
  expect(createTrail().counter(target('5'))).toBe(createTrail().counter(target('-1234567890')));
  expect(createTrail().counter(target('-1001234567890'))).toBe('-1001234567890');
  expect(ids(target('5', 'x'), '{}')).toEqual([]);
});
