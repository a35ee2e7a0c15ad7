import { expect, test } from 'vitest';
import { createReplyRig, sentence } from '../support/reply-rig.ts';

/** Lets so many turns of the microtask queue pass. */
async function turns(count: number): Promise<void> {
  for (let nth = 0; nth < count; nth++) await undefined;
}

const moments = Array.from({ length: 40 }, (_, nth) => nth);

test.each(moments)(
  'the end of an answer that comes %i turns after a write has begun is shown',
  async (later) => {
    const rig = createReplyRig();
    const live = rig.reply();
    live.show(sentence);
    await turns(later);
    const finished = live.finish(`${sentence} The end.`);
    await rig.clock.advance(5_000);
    await finished;
    expect(rig.platform.screen).toEqual([`${sentence} The end.`]);
  },
);
