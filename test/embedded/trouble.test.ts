import { join } from 'node:path';
import Libsql from 'libsql';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { DeliveryLost } from '../../src/core/errors.ts';
import type { Clock, Log } from '../../src/core/ports/world.ts';
import { openEmbeddedHome } from '../../src/embedded/home.ts';
import { openDesk, until } from '../contracts/desk.ts';
import { quietLog } from '../contracts/quiet-log.ts';
import { sampleMessage, sampleRecord } from '../contracts/samples.ts';
import { useDir } from './store.ts';

/** A home, and a second connection to its file. */
async function useHome(clock: Clock = systemClock) {
  const dir = await useDir();
  const troubles: string[] = [];
  const log: Log = { ...quietLog, error: (_fields, event) => void troubles.push(event) };
  const home = await openEmbeddedHome({ dir, clock, log, retryDelaysMs: [1] });
  const file = new Libsql(join(dir, 'bridge.db'), { timeout: 2_000 });
  onTestFinished(async () => {
    file.close();
    await home.close();
  });
  return { ...home, file, troubles };
}

/** The store fails whenever the mail is changed in this way. */
const breaks = (change: 'insert' | 'update' | 'delete') =>
  `create trigger broken before ${change} on mail begin select raise(abort, 'disk I/O error'); end`;
const mend = 'drop trigger broken';

test('a message that cannot be stored is not called stored, and may come again', async () => {
  const { mailbox, file } = await useHome();
  file.exec(breaks('insert'));
  await expect(mailbox.put('k', sampleMessage('m'))).rejects.toThrow('disk I/O error');
  file.exec(mend);
  expect(await mailbox.put('k', sampleMessage('m'))).toBe('stored');
});

test('mail that cannot be taken while the store fails is taken when it works again', async () => {
  const { mailbox, file, troubles } = await useHome();
  const desk = openDesk(mailbox);
  file.exec(breaks('update'));
  expect(await mailbox.put('k', sampleMessage('m'))).toBe('stored');
  expect(troubles).toEqual(['the store failed']);
  expect(desk.taken).toEqual([]);
  file.exec(mend);
  (await desk.next()).finish();
  await desk.stop();
  expect(desk.taken).toEqual(['m#1']);
});

test('an answer that landed while the store fails is not given twice', async () => {
  const { mailbox, file, troubles } = await useHome();
  const desk = openDesk(mailbox);
  await mailbox.put('k', sampleMessage('m1'));
  const held = await desk.next();
  file.exec(breaks('delete'));
  held.finish();
  await until(() => troubles.length > 0);
  await mailbox.put('k', sampleMessage('m2'));
  file.exec(mend);
  (await desk.next()).finish();
  await desk.stop();
  expect(desk.taken).toEqual(['m1#1', 'm2#1']);
});

test('a note that cannot be written is not called safe', async () => {
  const { mailbox, file } = await useHome();
  const desk = openDesk(mailbox);
  await mailbox.put('k', sampleMessage('m'));
  const held = await desk.next();
  file.exec(breaks('update'));
  await expect(held.delivery.note(sampleRecord('1'))).rejects.toThrow('disk I/O error');
  file.exec(mend);
  await held.delivery.note(sampleRecord('1'));
  held.finish();
  await desk.stop();
});

test('mail that the command line leaves is found while the bridge is at work', async () => {
  const { mailbox, file } = await useHome();
  const desk = openDesk(mailbox);
  await mailbox.put('k', sampleMessage('m1'));
  (await desk.next()).finish();
  file.prepare('insert into mail (key, message) values (?, ?)').run('k', JSON.stringify(sampleMessage('m2')));
  (await desk.next()).finish();
  await desk.stop();
  expect(desk.taken).toEqual(['m1#1', 'm2#1']);
});

test('a bridge whose mail another one has taken over lets go of all of it and ends', async () => {
  const { mailbox, file } = await useHome();
  const desk = openDesk(mailbox);
  await mailbox.put('k', sampleMessage('m'));
  const held = await desk.next();
  file.exec(`update facts set value = value + 1 where name = 'owner'`);
  await expect(desk.ended).rejects.toThrow(DeliveryLost);
  expect(held.delivery.lost.aborted).toBe(true);
  expect(file.prepare('select attempts from mail').get()).toMatchObject({ attempts: 1 });
});

test('one mailbox is worked on once at a time', async () => {
  const { mailbox } = await useHome();
  const desk = openDesk(mailbox);
  await expect(openDesk(mailbox).ended).rejects.toThrow('worked on already');
  await desk.stop();
});

test('a reader who could not be told of a dead letter is in the log', async () => {
  const { mailbox, troubles } = await useHome();
  const fail = () => Promise.reject(new Error('no'));
  const desk = openDesk(mailbox, { answer: fail, giveUp: fail });
  await mailbox.put('k', sampleMessage('m'));
  await until(() => troubles.length > 0);
  await desk.stop();
  expect(troubles).toEqual(['the reader could not be told of a dead letter']);
});

test('a message is known again for 25 hours and a reset too, and then their ids are forgotten', async () => {
  let now = 1_700_000_000_000;
  const { mailbox, conversations, file } = await useHome({ ...systemClock, now: () => now });
  const hourMs = 60 * 60 * 1_000;
  await mailbox.put('k', sampleMessage('m'));
  await conversations.reset('k', 'r');
  now += 25 * hourMs;
  expect(await mailbox.put('k', sampleMessage('m'))).toBe('seen');
  expect(await mailbox.knows('m')).toBe(true);
  expect(await conversations.reset('k', 'r')).toEqual({ generation: 1 });
  now += 1;
  expect(await mailbox.knows('m')).toBe(false);
  expect(await mailbox.put('k', sampleMessage('other'))).toBe('stored');
  expect(await conversations.reset('k', 'other')).toEqual({ generation: 2 });
  expect(file.prepare('select id from seen').all()).toEqual([{ id: 'other' }]);
  expect(file.prepare('select reset_id as id from resets').all()).toEqual([{ id: 'other' }]);
  expect(await mailbox.put('k', sampleMessage('m'))).toBe('stored');
});

test('an answer by HTTP is kept for an hour after its end, and a session for 90 days after its last question', async () => {
  let now = 1_700_000_000_000;
  const { feed, sessions, conversations, file } = await useHome({ ...systemClock, now: () => now });
  const hourMs = 60 * 60 * 1_000;
  const feeds = () => file.prepare('select distinct name from feeds').all();
  await feed.append('m', { type: 'asked', session: 's', owner: 'o' });
  await feed.append('open', { type: 'asked', session: 's', owner: 'o' });
  now += hourMs;
  await feed.append('m', { type: 'end', ended: { outcome: 'answered' } });
  now += hourMs;
  await feed.append('other', { type: 'asked', session: 's', owner: 'o' });
  expect(await feed.first('m')).toMatchObject({ type: 'asked' });
  now += 60_000;
  await feed.append('other', { type: 'more', text: 'hi' });
  expect(feeds()).toEqual([{ name: 'open' }, { name: 'other' }]);
  const question = { id: 's', owner: 'o', user: 'u' };
  await sessions.ask(question);
  await conversations.keepFor('k', 90 * 24 * hourMs);
  await conversations.save('k', 0, '77');
  now += 90 * 24 * hourMs;
  expect(await sessions.find('s')).toMatchObject({ messages: 1 });
  await conversations.keepFor('another', hourMs);
  expect(await conversations.find('k')).toMatchObject({ conversationId: '77' });
  now += 1;
  expect(await sessions.find('s')).toBeUndefined();
  expect(await sessions.ask({ ...question, owner: 'another' })).toMatchObject({ messages: 1 });
  await conversations.keepFor('another', hourMs);
  expect(file.prepare('select key from conversations').all()).toEqual([{ key: 'another' }]);
  expect(file.prepare('select key from holders').all()).toEqual([]);
});

test('what was answered is known for ten minutes, and our posts for an hour, and then no row is left', async () => {
  let now = 1_700_000_000_000;
  const { mailbox, posts, file } = await useHome({ ...systemClock, now: () => now });
  const desk = openDesk(mailbox, { answer: async () => {} });
  const answer = async (id: string) => {
    await mailbox.put(id, sampleMessage(id));
    await until(async () => (await mailbox.keys()).length === 0);
  };
  const room = { platform: 'test', bot: 'bot', channel: 'room' };
  await answer('m1');
  await posts.keep(room, room, 'p1', '1');
  now += 10 * 60 * 1_000;
  expect(await mailbox.answered('m1')).toMatchObject({ message: { id: 'm1' } });
  now += 1;
  expect(await mailbox.answered('m1')).toBeUndefined();
  await answer('m2');
  expect(file.prepare('select key from answered').all()).toEqual([{ key: 'm2' }]);
  now += 60 * 60 * 1_000;
  expect((await posts.known(room, room, ['1'])).size).toBe(0);
  expect(await posts.idOf(room, 'p1')).toBeUndefined();
  await posts.keep(room, room, 'p2', '2');
  expect(file.prepare('select name from posts').all()).toEqual([{ name: 'p2' }]);
  await desk.stop();
});

test('an answer that landed is known, or its message is still there: never neither, never both', async () => {
  const { mailbox, file, troubles } = await useHome();
  const desk = openDesk(mailbox);
  await mailbox.put('k', sampleMessage('m'));
  const held = await desk.next();
  file.exec(
    `create trigger broken before insert on answered begin select raise(abort, 'disk I/O error'); end`,
  );
  held.finish();
  await until(() => troubles.length > 0);
  expect(await mailbox.count('k')).toBe(1);
  file.exec(breaks('delete').replace('broken', 'other'));
  file.exec(mend);
  await until(() => troubles.length > 1);
  expect(await mailbox.answered('k')).toBeUndefined();
  file.exec('drop trigger other');
  await until(async () => (await mailbox.count('k')) === 0);
  expect(await mailbox.answered('k')).toMatchObject({ message: { id: 'm' } });
  await desk.stop();
});
