import { describe, expect, test } from 'vitest';
import { type Rush, runRush } from '../support/rush.ts';
import { rushVenues } from '../support/rush-venues.ts';

// In virtual time, against the limits that the emulators know. All figures: npm run bench:pacing.

const { dm, group, discord } = rushVenues;

async function run(rush: Rush) {
  const { stalenessMs, finalMs, firstMs, refused } = await runRush(rush);
  return {
    meanMs: stalenessMs.reduce((sum, ms) => sum + ms, 0) / stalenessMs.length,
    finalMs: Math.max(...finalMs),
    firstMs: Math.max(...firstMs),
    refused,
  };
}

describe('one answer', () => {
  test.each([
    { venue: dm, seconds: 10, most: 550 },
    { venue: dm, seconds: 30, most: 800 },
    { venue: group, seconds: 10, most: 750 },
    { venue: group, seconds: 30, most: 2_000 },
    { venue: discord, seconds: 10, most: 700 },
    { venue: discord, seconds: 120, most: 700 },
  ])('of $seconds s in a quiet $venue.name is never far behind', async ({ venue, seconds, most }) => {
    const { meanMs, firstMs, finalMs, refused } = await run({ venue, seconds, answers: 1 });
    expect(refused).toBe(0);
    expect(meanMs).toBeLessThan(most);
    expect(firstMs).toBeLessThan(1_200);
    expect(finalMs).toBeLessThan(1_200);
  });
});

describe('several answers at once', () => {
  test.each([
    { venue: dm, answers: 3, most: 5_000 },
    { venue: group, answers: 3, most: 15_000 },
    { venue: discord, answers: 3, most: 10_000 },
    { venue: dm, answers: 10, most: 15_000 },
    { venue: group, answers: 10, most: 60_000 },
    { venue: discord, answers: 10, most: 15_000 },
  ])(
    '$answers in a $venue.name are all landed, and nobody had to ask for silence',
    async ({ venue, answers, most }) => {
      for (const seed of [1, 2, 3]) {
        const { refused, finalMs } = await run({ venue, answers, seconds: 30, seed });
        expect(refused).toBe(0);
        expect(finalMs).toBeLessThan(most);
      }
    },
  );

  test('nor on a way that takes now long, now short', async () => {
    for (const venue of [dm, group, discord])
      for (const seed of [1, 2, 3])
        expect((await run({ venue, answers: 3, seconds: 60, seed, jitterMs: 250 })).refused).toBe(0);
  });
});
