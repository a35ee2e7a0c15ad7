import { describe, expect, test } from 'vitest';
import { createCall } from '../../../adapters/discord/call.ts';
import { MessageGone, RateLimited, TargetGone, Unreachable } from '../../../src/core/errors.ts';
import { at, createSender, failure, given, here, part, prepareSending, settings, shown } from './sending.ts';

prepareSending();

describe('writing', () => {
  test('posts in private, without previews of links, and knows the post again', async () => {
    const dm = here.emulator.dm();
    const ref = await here.sender.post(at(dm), part('Hello https://coze.com'), '1');
    expect(shown(dm)).toEqual(['Hello https://coze.com']);
    expect(ref).toEqual({ target: at(dm), id: here.emulator.shown(dm.id)[0]?.id });
    expect(here.emulator.calls.at(-1)?.body).toEqual({
      content: 'Hello https://coze.com',
      allowed_mentions: { parse: [] },
      flags: 4,
      nonce: expect.stringMatching(/^[\w-]{25}$/),
      enforce_nonce: true,
    });
  });

  test('pings nobody, whatever it writes, neither at first nor later', async () => {
    const guild = here.emulator.guild();
    const channel = guild.channel();
    const words = `@everyone @here <@${guild.person.id}> <@&${guild.role().id}>`;
    const question = channel.say('hi');
    const ref = await here.sender.post(at(channel, { replyTo: question.id }), part(words));
    await here.sender.edit(ref, part(`${words} again`));
    expect(here.emulator.pings()).toEqual([]);
  });

  test('replies in a channel, even when the question has been deleted or may not be read', async () => {
    const guild = here.emulator.guild();
    const channel = guild.channel();
    const { id } = channel.say('hi');
    await here.sender.post(at(channel, { replyTo: id }), part('one'), 'a');
    channel.remove(id);
    await here.sender.post(at(channel, { replyTo: id }), part('two'), 'b');
    const hidden = guild.channel();
    hidden.deny(['readMessageHistory']);
    await here.sender.post(at(hidden, { replyTo: hidden.say('hi').id }), part('three'));
    expect(here.emulator.shown(channel.id).map(({ replyTo }) => replyTo)).toEqual([id, undefined]);
    expect(shown(hidden)).toEqual(['three']);
  });

  test('writes all the same below a message that takes no reply, but not what is wrong in itself', async () => {
    const channel = here.emulator.guild().channel();
    await createCall(settings(), 1_000)('POST', `/channels/${channel.id}/threads`, {
      name: 'Said by nobody',
      type: 11,
    });
    const [notice] = here.emulator.shown(channel.id);
    await here.sender.post(at(channel, { replyTo: notice?.id ?? '' }), part('all the same'));
    expect(here.emulator.shown(channel.id).at(-1)).toMatchObject({ content: 'all the same' });
    const before = here.emulator.calls.length;
    const long = here.sender.post(at(channel, { replyTo: channel.say('hi').id }), part('x'.repeat(2_001)));
    expect((await failure(long)).message).toMatch(/50035/);
    expect(here.emulator.calls.length).toBe(before + 1);
  });

  test('writes into a thread, also into one that was archived, and shows typing there', async () => {
    const thread = here.emulator.guild().channel().thread('News');
    thread.archive();
    await here.sender.post(at(thread, { thread: thread.id }), part('in the thread'));
    await here.sender.showTyping?.(at(thread, { thread: thread.id }));
    expect(shown(thread)).toEqual(['in the thread']);
    expect(here.emulator.typing(thread.id)).toHaveLength(1);
  });

  test('edits in place, and removes a message, also one that is gone already', async () => {
    const dm = here.emulator.dm();
    const ref = await here.sender.post(at(dm), part('Hel'));
    await here.sender.edit(ref, part('Hello'));
    expect(shown(dm)).toEqual(['Hello']);
    await here.sender.remove?.(ref);
    await here.sender.remove?.(ref);
    expect(shown(dm)).toEqual([]);
  });

  test('an answer of 20,000 characters is whole on the screen', async () => {
    const dm = here.emulator.dm();
    const answer = Array.from(
      { length: 400 },
      (_, line) => `Line ${line}: 说明 **bold** <b> & *x* ${'.'.repeat(20)}`,
    ).join('\n');
    for (const [nth, rendered] of here.sender.render(answer).parts.entries())
      await here.sender.post(at(dm), rendered, `question/${nth}`);
    expect(shown(dm).join('\n')).toBe(answer);
  });
});

describe('a post whose fate is not known', () => {
  test('is made again without standing there twice, and has grown in the meantime', async () => {
    const dm = here.emulator.dm();
    const target = at(dm);
    here.emulator.fault({ kind: 'drop', landed: true, method: 'POST' });
    const error = await failure(here.sender.post(target, part('private words'), 'question'));
    expect(error).toMatchObject({ name: 'Unreachable', landed: 'unknown' });
    const ref = await createSender().sender.post(target, part('private words, and more'), 'question');
    expect(shown(dm)).toEqual(['private words, and more']);
    await here.sender.edit(ref, part('the whole'));
    expect(shown(dm)).toEqual(['the whole']);
  });

  test('is another than those after it, and than that of another question', async () => {
    const dm = here.emulator.dm();
    await here.sender.post(at(dm), part('same'), 'one/0');
    await here.sender.post(at(dm), part('same'), 'one/1');
    await here.sender.post(at(dm), part('same'), 'two/0');
    await here.sender.post(at(here.emulator.dm()), part('same'), 'one/0');
    expect(shown(dm)).toEqual(['same', 'same', 'same']);
  });

  test('is posted anew when what stood there has been deleted', async () => {
    const dm = here.emulator.dm();
    const target = at(dm);
    const { id } = await here.sender.post(target, part('first'), 'question');
    dm.remove(id);
    expect(await failure(here.sender.edit({ target, id }, part('private words')))).toBeInstanceOf(
      MessageGone,
    );
    await here.sender.post(target, part('second'), 'question');
    expect(shown(dm)).toEqual(['second']);
  });
});

describe('the answer to a slash command', () => {
  test('takes the place of what was promised; what does not fit follows, for the same eyes', async () => {
    const guild = here.emulator.guild();
    const channel = guild.channel();
    const target = at(channel, { token: await given(channel, true) });
    const first = await here.sender.post(target, part('one', 0));
    const second = await here.sender.post(target, part('two', 1));
    await here.sender.edit(first, part('one!'));
    await here.sender.edit(second, part('two!'));
    expect(here.emulator.shown(channel.id)).toMatchObject([
      { content: 'one!', visibleTo: guild.person.id, loading: false },
      { content: 'two!', visibleTo: guild.person.id },
    ]);
    await here.sender.remove?.(second);
    expect(shown(channel)).toEqual(['one!']);
  });

  test('in private is for all to see, and shows no typing', async () => {
    const dm = here.emulator.dm();
    const target = at(dm, { token: await given(dm, false) });
    await here.sender.showTyping?.(target);
    await here.sender.post(target, part('one', 0));
    expect(here.emulator.shown(dm.id)).toMatchObject([{ content: 'one', visibleTo: undefined }]);
    expect(here.emulator.typing(dm.id)).toEqual([]);
  });

  test('is given beside what was promised when that has been deleted, and nowhere when that is refused', async () => {
    const guild = here.emulator.guild();
    const channel = guild.channel();
    const target = at(channel, { token: await given(channel, true) });
    const [promised] = here.emulator.shown(channel.id);
    channel.remove(promised?.id ?? '');
    const ref = await here.sender.post(target, part('one', 0));
    await here.sender.edit(ref, part('one!'));
    expect(shown(channel)).toEqual(['one!']);
    expect(here.emulator.shown(channel.id).at(-1)).toMatchObject({ visibleTo: guild.person.id });
    const followUp = '/webhooks/:application/:token';
    const refusals = [
      { kind: 'refuse', code: 10_008 },
      { kind: 'refuse', code: 50_035 },
    ] as const;
    for (const refusal of refusals) {
      here.emulator.fault({ ...refusal, route: followUp });
      expect(await failure(here.sender.post(target, part('private words')))).toBeInstanceOf(TargetGone);
    }
    here.emulator.fault({ kind: 'refuse', status: 500, route: followUp });
    expect(await failure(here.sender.post(target, part('private words')))).toBeInstanceOf(Unreachable);
    here.emulator.fault({ kind: 'limit', retryAfter: 1, route: followUp });
    expect(await failure(here.sender.post(target, part('private words')))).toBeInstanceOf(RateLimited);
  });

  test.each([50_027, 10_015, 10_062])('is nobody’s when Discord says %i: its time is over', async (code) => {
    const dm = here.emulator.dm();
    const target = at(dm, { token: await given(dm, false) });
    here.emulator.fault({ kind: 'refuse', code });
    expect(await failure(here.sender.post(target, part('private words')))).toBeInstanceOf(TargetGone);
    // The bot's own token has not been refused.
    await here.sender.post(at(dm), part('still here'));
    expect(shown(dm)).toContain('still here');
  });
});
