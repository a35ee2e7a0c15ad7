import { describe, expect, test } from 'vitest';
import { MessageGone, TargetGone } from '../../../src/core/errors.ts';
import type { MessageRef, ReplyTarget } from '../../../src/core/message.ts';
import { at, failure, here, part, prepareSending, shown } from './sending.ts';

prepareSending();

type Write = (target: ReplyTarget, ref: MessageRef) => Promise<unknown> | undefined;

const post: Write = (target) => here.sender.post(target, part('private words'));
const edit: Write = (_, ref) => here.sender.edit(ref, part('private words'));
const remove: Write = (_, ref) => here.sender.remove?.(ref);
const clearButtons: Write = (_, ref) => here.sender.clearButtons?.(ref);
const showTyping: Write = (target) => here.sender.showTyping?.(target);
const everything = { post, edit, remove, clearButtons, showTyping };

/** What each write fails with, and how often Discord was called for it. */
async function outcomes(target: ReplyTarget, ref: MessageRef, writes: Record<string, Write> = everything) {
  const found: Record<string, string> = {};
  for (const [name, write] of Object.entries(writes)) {
    const before = here.emulator.calls.length;
    const error = await failure(Promise.resolve(write(target, ref)));
    found[name] = `${error.name} after ${here.emulator.calls.length - before}`;
  }
  return found;
}

const all = (outcome: string) => Object.fromEntries(Object.keys(everything).map((name) => [name, outcome]));

describe('for good, and after one call', () => {
  test('is the end of a place that the bot was kicked from', async () => {
    const guild = here.emulator.guild();
    const [channel, thread] = [guild.channel(), guild.channel().thread('Plans')];
    const places = await Promise.all(
      [channel, thread].map(
        async (place) => [place, await here.sender.post(at(place), part('hello'))] as const,
      ),
    );
    guild.kickBot();
    for (const [place, ref] of places)
      expect(await outcomes(at(place), ref)).toEqual(all('TargetGone after 1'));
    for (const [place] of places) expect(shown(place)).toEqual(['hello']);
  });

  test('is that of a channel or a thread that was deleted', async () => {
    const channel = here.emulator.guild().channel();
    const thread = here.emulator.guild().channel().thread('Plans');
    for (const place of [channel, thread]) {
      const ref = await here.sender.post(at(place), part('hello'));
      place.close();
      expect(await outcomes(at(place), ref)).toEqual(all('TargetGone after 1'));
    }
  });

  test('is that of a DM whose person takes none, though what is there can be changed', async () => {
    const dm = here.emulator.dm();
    const ref = await here.sender.post(at(dm), part('hello'));
    dm.open(false);
    expect(await outcomes(at(dm), ref, { post, showTyping })).toEqual({
      post: 'TargetGone after 1',
      showTyping: 'TargetGone after 1',
    });
    await here.sender.edit(ref, part('hello!'));
    expect(shown(dm)).toEqual(['hello!']);
  });

  test('is that of a thread that is locked', async () => {
    const thread = here.emulator.guild().channel().thread('Plans');
    thread.lock();
    expect(await failure(here.sender.post(at(thread), part('private words')))).toBeInstanceOf(TargetGone);
  });
});

describe('of a message alone', () => {
  test('is one that was deleted: it cannot be changed, and need not be deleted', async () => {
    const channel = here.emulator.guild().channel();
    const ref = await here.sender.post(at(channel), part('hello'));
    channel.remove(ref.id);
    expect(await outcomes(at(channel), ref, { edit, clearButtons })).toEqual({
      edit: 'MessageGone after 1',
      clearButtons: 'MessageGone after 1',
    });
    await here.sender.remove?.(ref);
    await here.sender.post(at(channel), part('another'));
    expect(shown(channel)).toEqual(['another']);
  });

  test('is one in an archived thread, which a post brings back', async () => {
    const thread = here.emulator.guild().channel().thread('Plans');
    const ref = await here.sender.post(at(thread), part('hello'));
    thread.archive();
    for (const write of [edit, clearButtons])
      expect(await failure(Promise.resolve(write(at(thread), ref)))).toBeInstanceOf(MessageGone);
    await here.sender.post(at(thread), part('another'));
    await here.sender.edit(ref, part('hello!'));
    expect(shown(thread)).toEqual(['hello!', 'another']);
  });
});
