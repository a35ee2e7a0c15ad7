import { describe, expect, test } from 'vitest';
import { askButton, stopButton } from '../../../src/core/buttons.ts';
import type { Button, Part } from '../../../src/core/message.ts';
import { at, createSender, failure, given, here, prepareSending, shown } from './sending.ts';

prepareSending();

const stop = stopButton('turn', '1', 'en');
const ask = (nth: number, label = `Question ${nth}?`) => askButton('turn', nth, label);
const withButtons = (text: string, ...buttons: Button[]): Part => ({ text, format: { nth: 0 }, buttons });

/** The buttons below the last message there, row by row. */
const rowsIn = (place: { id: string }) =>
  (here.emulator.shown(place.id).at(-1)?.components ?? []).map((row) =>
    (row as { components: object[] }).components.map((button) => ({ ...button })),
  );
const labelsIn = (place: { id: string }) =>
  rowsIn(place).map((row) => row.map((button) => (button as { label?: string }).label));

describe('buttons', () => {
  test('stand below the message, give way to others, and go with an edit that has none', async () => {
    const dm = here.emulator.dm();
    const ref = await here.sender.post(at(dm), withButtons('one', stop));
    expect(rowsIn(dm)).toEqual([[{ type: 2, style: 2, label: stop.label, custom_id: stop.data }]]);
    await here.sender.edit(ref, withButtons('two', stop));
    expect(labelsIn(dm)).toEqual([[stop.label]]);
    await here.sender.edit(ref, withButtons('three', ask(0), ask(1)));
    expect(labelsIn(dm)).toEqual([['Question 0?'], ['Question 1?']]);
    await here.sender.edit(ref, { text: 'three' });
    expect(labelsIn(dm)).toEqual([]);
    expect(shown(dm)).toEqual(['three']);
  });

  test('are no field of a new message that has none', async () => {
    const dm = here.emulator.dm();
    await here.sender.post(at(dm), withButtons('one'));
    expect(here.emulator.calls.at(-1)?.body).not.toHaveProperty('components');
  });

  test('have a row each while there is room, and share rows when there are many', async () => {
    const dm = here.emulator.dm();
    const many = (count: number) => Array.from({ length: count }, (_, nth) => ask(nth));
    const ref = await here.sender.post(at(dm), withButtons('x', ...many(5)));
    expect(labelsIn(dm).map((row) => row.length)).toEqual([1, 1, 1, 1, 1]);
    await here.sender.edit(ref, withButtons('x', ...many(7)));
    expect(labelsIn(dm).map((row) => row.length)).toEqual([5, 2]);
    await here.sender.edit(ref, withButtons('x', ...many(30)));
    expect(labelsIn(dm).map((row) => row.length)).toEqual([5, 5, 5, 5, 5]);
  });

  test('have labels that Discord takes, cut between two characters, and none without words', async () => {
    const dm = here.emulator.dm();
    const family = '👨‍👩‍👧‍👦';
    await here.sender.post(
      at(dm),
      withButtons(
        'x',
        ask(0, `${'x'.repeat(70)}${family}`),
        ask(1, '长'.repeat(80)),
        ask(2, '为什么？'.repeat(30)),
        ask(3, ' \n '),
        ask(4, ' two\nlines\ud800 '),
      ),
    );
    expect(labelsIn(dm).flat()).toEqual([
      `${'x'.repeat(70)}…`,
      '长'.repeat(80),
      `${'为什么？'.repeat(30).slice(0, 79)}…`,
      'two lines\ufffd',
    ]);
  });

  test('stand below the answer to a slash command too, and below what follows it', async () => {
    const dm = here.emulator.dm();
    const target = at(dm, { token: await given(dm, false) });
    const ref = await here.sender.post(target, withButtons('one', stop));
    expect(labelsIn(dm)).toEqual([[stop.label]]);
    await here.sender.edit(ref, withButtons('one!'));
    expect(labelsIn(dm)).toEqual([]);
    const next = await here.sender.post(target, { ...withButtons('two', ask(0)), format: { nth: 1 } });
    expect(labelsIn(dm)).toEqual([['Question 0?']]);
    await here.sender.edit(next, { text: 'two!' });
    expect(labelsIn(dm)).toEqual([]);
  });

  test('of a post that was made already, with other ones, are put right', async () => {
    const dm = here.emulator.dm();
    const target = at(dm);
    here.emulator.fault({ kind: 'drop', landed: true, method: 'POST' });
    await failure(here.sender.post(target, withButtons('same', stop), 'question'));
    const before = here.emulator.calls.length;
    await createSender().sender.post(target, withButtons('same', stop), 'question');
    expect(here.emulator.calls.length).toBe(before + 1);
    expect(labelsIn(dm)).toEqual([[stop.label]]);
    await createSender().sender.post(target, withButtons('same', ask(0)), 'question');
    expect(labelsIn(dm)).toEqual([['Question 0?']]);
    await createSender().sender.post(target, withButtons('same'), 'question');
    expect(labelsIn(dm)).toEqual([]);
    expect(shown(dm)).toEqual(['same']);
  });
});

describe('a file', () => {
  const file = { name: '回答 ../my:answer.md', text: '# 你好\n\nall of it 🚀' };
  const download = async (place: { id: string }) => {
    const [attachment] = here.emulator.shown(place.id).at(-1)?.attachments ?? [];
    return (await fetch(attachment?.url ?? '')).text();
  };

  test('comes with its message, under a name that is safe, and can be read', async () => {
    const dm = here.emulator.dm();
    const ref = await here.sender.post(at(dm), { text: 'here it is', file }, 'key');
    expect(here.emulator.shown(dm.id)).toMatchObject([
      { content: 'here it is', attachments: [{ filename: '回答_.._my_answer.md' }], flags: 4 },
    ]);
    expect(await download(dm)).toBe(file.text);
    // What stands there is known again, and not uploaded to it a second time.
    await here.sender.post(at(dm), { text: 'here it is now', file }, 'key');
    expect(here.emulator.shown(dm.id)).toMatchObject([{ content: 'here it is now', attachments: [{}] }]);
    await here.sender.edit(ref, { text: 'changed' });
    expect(here.emulator.shown(dm.id)).toMatchObject([{ content: 'changed', attachments: [{}] }]);
  });

  test('comes beside the answer to a slash command, for the same eyes', async () => {
    const guild = here.emulator.guild();
    const channel = guild.channel();
    const target = at(channel, { token: await given(channel, true) });
    await here.sender.post(target, { text: 'one', format: { nth: 0 } });
    await here.sender.post(target, { text: 'here it is', file });
    expect(here.emulator.shown(channel.id)).toMatchObject([
      { content: 'one', attachments: [] },
      { content: 'here it is', attachments: [{}], visibleTo: guild.person.id },
    ]);
    expect(await download(channel)).toBe(file.text);
  });

  test.each([
    ['../../.bashrc', 'bashrc'],
    ['', 'file.txt'],
    ['a"b\r\nc\u0000.txt', 'a_b_c_.txt'],
    [`${'𠮷'.repeat(150)}.md`, `${'𠮷'.repeat(97)}.md`],
  ])('called %j is called %j there', async (name, safe) => {
    const dm = here.emulator.dm();
    await here.sender.post(at(dm), { text: 'x', file: { name, text: 'x' } });
    expect(here.emulator.shown(dm.id)[0]?.attachments).toMatchObject([{ filename: safe }]);
  });

  test('that is too large is not sent, which is said', async () => {
    const dm = here.emulator.dm();
    const before = here.emulator.calls.length;
    const text = '长'.repeat(3_500_000);
    const error = await failure(here.sender.post(at(dm), { text: 'x', file: { name: 'a.md', text } }));
    expect(error.message).toMatch(/larger than 10 MiB/);
    expect(here.emulator.calls.length).toBe(before);
  });

  test('where none are allowed is refused in words, and does not end the place for what else is said there', async () => {
    const channel = here.emulator.guild().channel();
    channel.deny(['attachFiles']);
    const error = await failure(here.sender.post(at(channel), { text: 'x', file }));
    expect(error.name).toBe('Error');
    expect(error.message).toMatch(/Attach Files/);
  });
});

test('a message that goes on with another notifies nobody', async () => {
  const dm = here.emulator.dm();
  await here.sender.post(at(dm), { text: 'one' }, 'q/0');
  await here.sender.post(at(dm), { text: 'two', isQuiet: true }, 'q/1');
  const sent = here.emulator.calls.flatMap(({ method, body }) =>
    method === 'POST' ? [(body as { flags?: number }).flags] : [],
  );
  expect(sent.slice(-2)).toEqual([4, 4 | 4_096]);
});
