import { afterEach, expect, test } from 'vitest';
import { createStand, homes, type Stand } from './stand.ts';

let stand: Stand;
afterEach(() => stand.endAndInspect());

const people = 200;

test.each(homes)(
  'two hundred questions at once are all answered while Coze takes 20 a second: $home',
  async ({ home }) => {
    stand = await createStand(home, { rateLimit: { perSecond: 20 } });
    stand.coze.answer(({ text }) => ({ steps: [{ say: [`${text}: yes.`] }] }));
    const roles = home === 'redis' ? ['gateway', 'worker', 'worker'] : ['all'];
    const bridges = await Promise.all(roles.map((ROLE) => stand.launch({ ROLE })));
    const chats = Array.from({ length: people }, () => stand.telegram.privateChat());
    for (const [nth, chat] of chats.entries()) chat.say(`Question ${nth}`);
    const texts = () => chats.map(({ id }) => stand.telegram.shown(id).map(({ text }) => text));
    await stand.telegram.until(() => texts().every((shown) => shown.some((text) => text)), 60_000);
    expect(texts()).toEqual(chats.map((_, nth) => [`Question ${nth}: yes.`]));
    // Without the gate they are thousands; on a busy machine the limit is learned late.
    const refused = stand.questions().length - people;
    expect(refused).toBeLessThan(roles.length * 100);
    // No attempt was lost on it.
    expect(bridges.map((bridge) => bridge.log()).join('')).not.toContain('"outcome":"again"');
  },
  90_000,
);
