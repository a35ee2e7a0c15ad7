import { expect, test } from 'vitest';
import { opened } from '../../src/core/joining.ts';
import type { InboundMessage } from '../../src/core/message.ts';
import { until } from './desk.ts';
import { usePlace } from './place.ts';
import { sampleMessage } from './samples.ts';
import type { CreateStore } from './store.ts';

/** A timer may fire a little before its time by another clock. */
const slackMs = 20;
const longestWaitMs = 1_500;

/** Most of a text that goes on; its rest is waited for that long. */
const cut = (id: string, waitMs = longestWaitMs): InboundMessage => ({
  ...sampleMessage(id),
  isCut: true,
  openUntil: Date.now() + waitMs,
});

const photo = (id: string, text = ''): InboundMessage =>
  opened({ ...sampleMessage(id, text), attachments: [{ kind: 'image' }], album: 'holiday' }, Date.now());

export function joinsPieces(createStore: CreateStore): void {
  test('the rest of a text and its beginning are one question, and both are seen', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open();
    expect(await mailbox.put('k', cut('m1'))).toBe('stored');
    expect(await mailbox.put('k', sampleMessage('m2'))).toBe('joined');
    expect(await mailbox.put('k', sampleMessage('m2'))).toBe('seen');
    expect(await mailbox.put('k', cut('m1'))).toBe('seen');
    const text = `${sampleMessage('m1').text}\n${sampleMessage('m2').text}`;
    expect(await mailbox.line('k')).toMatchObject([{ id: 'm1', text, attachments: [] }]);
    const desk = place.desk(mailbox);
    const held = await desk.next();
    expect(held.delivery.message).toMatchObject({ id: 'm1', text, attachments: [] });
    expect(held.delivery.message.openUntil).toBeUndefined();
    held.finish();
    await mailbox.put('k', sampleMessage('m3'));
    (await desk.next()).finish();
    expect(desk.taken).toEqual(['m1#1', 'm3#1']);
  });

  test('an open message is given when it is closed, and no attempt is counted', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open();
    const desk = place.desk(mailbox, { concurrency: 1 });
    const message = cut('m', 400);
    await mailbox.put('k', message);
    await mailbox.put('other', sampleMessage('other'));
    (await desk.next()).finish();
    expect(Date.now()).toBeLessThan(message.openUntil as number);
    const held = await desk.next();
    expect(Date.now()).toBeGreaterThan((message.openUntil as number) - slackMs);
    expect(held.delivery).toMatchObject({ attempt: 1, message: { id: 'm', text: message.text } });
    expect(desk.taken).toEqual(['other#1', 'm#1']);
  });

  test('once its rest is there, it is given at once', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open();
    const desk = place.desk(mailbox);
    const message = cut('m1');
    await mailbox.put('k', message);
    await mailbox.put('other', sampleMessage('other'));
    (await desk.next()).finish(); // The open one has been looked at.
    await mailbox.put('k', sampleMessage('m2'));
    const held = await desk.next();
    expect(Date.now()).toBeLessThan((message.openUntil as number) - longestWaitMs / 3);
    expect(held.delivery.message.text).toContain(sampleMessage('m2').text);
  });

  test('pictures of one album, put at the same moment, are one question, whole', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open();
    const desk = place.desk(mailbox);
    const ids = Array.from({ length: 10 }, (_, index) => `p${index}`);
    const results = await Promise.all(ids.map((id) => mailbox.put('k', photo(id, `caption of ${id}`))));
    expect(results.filter((result) => result === 'stored')).toHaveLength(1);
    expect(results.filter((result) => result === 'joined')).toHaveLength(9);
    const { message } = (await desk.next()).delivery;
    expect(message.attachments).toHaveLength(10);
    expect(message.text.split('\n').sort()).toEqual(ids.map((id) => `caption of ${id}`));
    expect(message.pieces?.map(({ id }) => id).sort()).toEqual(ids);
  });

  test('a picture that joins keeps the album open for the next one', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open();
    const desk = place.desk(mailbox);
    const first = photo('p1');
    await mailbox.put('k', { ...first, openUntil: Date.now() + 300 });
    const second = photo('p2');
    expect(await mailbox.put('k', second)).toBe('joined');
    const held = await desk.next();
    expect(Date.now()).toBeGreaterThan((second.openUntil as number) - slackMs);
    expect(held.delivery.message.attachments).toHaveLength(2);
    expect(desk.taken).toEqual(['p1#1']);
  });

  test('what follows an open message and is not its rest waits behind it, and closes it to what follows', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open();
    const desk = place.desk(mailbox);
    await mailbox.put('k', cut('m1', 300));
    const bob = { ...sampleMessage('bob'), author: { id: 'bob', name: 'Bob' } };
    expect(await mailbox.put('k', bob)).toBe('stored');
    expect(await mailbox.put('k', sampleMessage('m2'))).toBe('stored');
    for (let count = 0; count < 3; count += 1) (await desk.next()).finish();
    expect(desk.taken).toEqual(['m1#1', 'bob#1', 'm2#1']);
  });

  test('behind others a message is joined all the same, and the wait of the first is kept', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open({ retryDelaysMs: [400] });
    const desk = place.desk(mailbox);
    await mailbox.put('k', sampleMessage('first'));
    (await desk.next()).fail();
    const failedAt = performance.now();
    await mailbox.put('k', cut('m1'));
    expect(await mailbox.put('k', sampleMessage('m2'))).toBe('joined');
    (await desk.next()).finish();
    expect(performance.now() - failedAt).toBeGreaterThan(400 - slackMs);
    (await desk.next()).finish();
    expect(desk.taken).toEqual(['first#1', 'first#2', 'm1#1']);
  });

  test('what is in hand, or was, is joined no more; and hosts that do not agree on the time wait once', async () => {
    const place = await usePlace(createStore);
    // This clock stands still, so the message is open for ever.
    const now = Date.now();
    const { mailbox } = await place.open({ retryDelaysMs: [300], now: () => now });
    const desk = place.desk(mailbox);
    const message = { ...cut('m1'), openUntil: now + 200 };
    await mailbox.put('k', message);
    const held = await desk.next();
    expect(Date.now()).toBeGreaterThan(message.openUntil - slackMs);
    expect(await mailbox.join('k', sampleMessage('m2'))).toBe(false);
    expect(await mailbox.put('k', sampleMessage('m2'))).toBe('stored');
    expect(held.delivery.attempt).toBe(1);
    held.finish();
    (await desk.next()).finish();
    await mailbox.put('k', { ...message, id: 'm3' });
    (await desk.next()).fail();
    await until(async () => (await mailbox.line('k')).length === 1);
    expect(await mailbox.put('k', sampleMessage('m4'))).toBe('stored');
    expect(desk.taken).toEqual(['m1#1', 'm2#1', 'm3#1']);
  });

  test('to join only is to leave everything else alone', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open();
    expect(await mailbox.join('k', sampleMessage('m2'))).toBe(false);
    await mailbox.put('k', sampleMessage('m1'));
    expect(await mailbox.join('k', sampleMessage('m2'))).toBe(false);
    expect(await mailbox.put('k', sampleMessage('m2'))).toBe('stored');
    await mailbox.put('k', cut('m3'));
    expect(await mailbox.join('k', sampleMessage('m4'))).toBe(true);
    expect(await mailbox.join('k', sampleMessage('m4'))).toBe(true);
    expect(await mailbox.join('other', sampleMessage('m1'))).toBe(true);
    expect((await mailbox.line('k')).map(({ id, pieces }) => pieces?.map((piece) => piece.id) ?? id)).toEqual(
      ['m1', 'm2', ['m3', 'm4']],
    );
    expect(await mailbox.keys()).toEqual(['k']);
  });

  test('what was put and joined by processes that died before they told of it is given whole', async () => {
    const place = await usePlace(createStore);
    const message = cut('m1');
    await place.store.putUnheard('k', message);
    await place.store.putUnheard('k', sampleMessage('m2'));
    const { mailbox } = await place.open();
    const { delivery } = await place.desk(mailbox).next();
    expect(delivery.message.pieces).toHaveLength(2);
    expect(delivery.attempt).toBe(1);
  });

  test('an open message that no worker was told of is given when it is closed', async () => {
    const place = await usePlace(createStore);
    await place.store.putUnheard('k', cut('m', 500));
    const { mailbox } = await place.open();
    expect((await place.desk(mailbox).next()).delivery.message.id).toBe('m');
  });

  test('the empty lists of a message that was joined are still lists', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open();
    await mailbox.put('k', cut('m1'));
    await mailbox.put('k', { ...sampleMessage('m2', 'lone \ud800 half "openUntil":1') });
    const [message] = await mailbox.line('k');
    expect(message?.attachments).toEqual([]);
    expect(message?.text).toContain('lone \ud800 half "openUntil":1');
    expect(await mailbox.stop('k', 'm1')).toBe(true);
    expect(await (await place.desk(mailbox).next()).delivery.isStopped()).toBe(true);
  });
}
