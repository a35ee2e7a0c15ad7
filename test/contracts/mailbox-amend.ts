import { expect, test } from 'vitest';
import type { InboundMessage } from '../../src/core/message.ts';
import { bury } from './bury.ts';
import { until } from './desk.ts';
import { usePlace } from './place.ts';
import { sampleMessage } from './samples.ts';
import type { CreateStore } from './store.ts';

/** The newer text of the message `of`. */
const edit = (of: string, time: number): InboundMessage => ({
  ...sampleMessage(`${of}/edit/${time}`, `edited ${time}`),
  edits: { id: of, sentAt: sampleMessage(of).sentAt },
});

export function amendsWhatWaits(createStore: CreateStore): void {
  test('a message that waits gets its newer text, in its place and once', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open();
    const desk = place.desk(mailbox);
    for (const id of ['m1', 'm2', 'm3']) await mailbox.put('k', sampleMessage(id));
    const held = await desk.next();
    expect(await mailbox.amend('k', edit('m2', 1))).toBe(true);
    expect(await mailbox.amend('k', { ...edit('m2', 2), attachments: [{ kind: 'image' }] })).toBe(true);
    const newer = { ...sampleMessage('m2', 'edited 2'), attachments: [{ kind: 'image' }] };
    expect((await mailbox.line('k'))[1]).toEqual(newer);
    held.finish();
    const second = await desk.next();
    expect(second.delivery.message).toEqual(newer);
    second.finish();
    (await desk.next()).finish();
    expect(desk.taken).toEqual(['m1#1', 'm2#1', 'm3#1']);
  });

  test('an edit that comes again changes nothing, and is no question of its own', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open();
    await mailbox.put('k', sampleMessage('m'));
    expect(await mailbox.amend('k', edit('m', 1))).toBe(true);
    expect(await mailbox.amend('k', edit('m', 2))).toBe(true);
    expect(await mailbox.amend('k', edit('m', 1))).toBe(false);
    expect(await mailbox.put('k', edit('m', 1))).toBe('seen');
    expect(await mailbox.line('k')).toMatchObject([{ id: 'm', text: 'edited 2' }]);
  });

  test('what is in hand, or was, is left as it is, and the edit may be put', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open({ retryDelaysMs: [60_000] });
    const desk = place.desk(mailbox);
    await mailbox.put('k', sampleMessage('m'));
    const held = await desk.next();
    expect(await mailbox.amend('k', edit('m', 1))).toBe(false);
    held.fail();
    await until(() => mailbox.put('k', edit('m', 1)).then((result) => result === 'stored'));
    expect(await mailbox.amend('k', edit('other', 1))).toBe(false);
    expect(await mailbox.amend('other', edit('m', 2))).toBe(false);
    expect((await mailbox.line('k')).map(({ text }) => text)).toEqual([sampleMessage('m').text, 'edited 1']);
  });

  test('an edit that waits gets the text of the next edit', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open();
    const desk = place.desk(mailbox);
    await mailbox.put('k', sampleMessage('m'));
    const held = await desk.next();
    await mailbox.put('k', edit('m', 1));
    expect(await mailbox.amend('k', edit('m', 2))).toBe(true);
    held.finish();
    const { message } = (await desk.next()).delivery;
    expect(message).toEqual({ ...edit('m', 1), text: 'edited 2' });
  });

  test('an edit of a piece changes that piece, and the rest of the message is still waited for', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open();
    const open = { isCut: true, openUntil: Date.now() + 1_500 };
    await mailbox.put('k', { ...sampleMessage('m1', 'one'), ...open });
    expect(await mailbox.amend('k', edit('m1', 1))).toBe(true);
    expect(await mailbox.line('k')).toMatchObject([{ text: 'edited 1', ...open }]);
    expect(await mailbox.put('k', sampleMessage('m2', 'two'))).toBe('joined');
    expect(await mailbox.amend('k', edit('m2', 2))).toBe(true);
    expect(await mailbox.amend('k', edit('m1', 3))).toBe(true);
    expect(await mailbox.line('k')).toMatchObject([{ id: 'm1', text: 'edited 3\nedited 2' }]);
  });

  test('a dead letter that waits again was in hand once, and is left as it is', async () => {
    const { mailbox, replay } = await bury(createStore, 'm');
    await replay();
    expect(await mailbox.amend('k', edit('m', 1))).toBe(false);
    expect(await mailbox.line('k')).toEqual([sampleMessage('m')]);
  });
}
