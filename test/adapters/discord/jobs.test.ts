import { beforeEach, expect, test } from 'vitest';
import { createJobs, type Jobs } from '../../../adapters/discord/jobs.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const { settle } = createFakeClock();

let begun: string[];
let endings: Map<string, () => void>;
let idle: number;
let jobs: Jobs<string>;

beforeEach(() => {
  begun = [];
  endings = new Map();
  idle = 0;
  const work = (job: string) => {
    begun.push(job);
    return new Promise<void>((resolve) => endings.set(job, resolve));
  };
  jobs = createJobs(2, work, () => {
    idle += 1;
  });
});

const end = (job: string) => {
  endings.get(job)?.();
  return settle();
};

test('two run at a time, the first come first', async () => {
  for (const name of ['a', 'b', 'c', 'd']) jobs.add(name, name);
  await settle();
  expect(begun).toEqual(['a', 'b']);
  await end('b');
  expect(begun).toEqual(['a', 'b', 'c']);
  for (const name of ['a', 'c', 'd']) await end(name);
  expect(idle).toBe(1);
  expect(jobs.has('a')).toBe(false);
});

test('what somebody waits for comes first', async () => {
  for (const name of ['a', 'b', 'c', 'd']) jobs.add(name, name);
  await settle();
  let isDone = false;
  const done = jobs.done('d').then(() => {
    isDone = true;
  });
  await end('a');
  expect(begun).toEqual(['a', 'b', 'd']);
  expect(isDone).toBe(false);
  await end('d');
  await done;
});

test('what is added while it runs is done once more, and only then is it done', async () => {
  jobs.add('a', 'first');
  await settle();
  const done = jobs.done('a');
  let isDone = false;
  void done.then(() => {
    isDone = true;
  });
  jobs.add('a', 'second');
  await end('first');
  expect([isDone, begun]).toEqual([false, ['first', 'second']]);
  await end('second');
  await done;
});

test('what waits is not added twice', async () => {
  for (const name of ['a', 'b', 'c', 'c']) jobs.add(name, name);
  for (const name of ['a', 'b', 'c']) {
    await settle();
    await end(name);
  }
  expect(begun).toEqual(['a', 'b', 'c']);
});

test('nothing is to be waited for where there is nothing to do', async () => {
  await jobs.done('a');
});
