import { expect, onTestFinished, test } from 'vitest';
import { redisServer } from '../redis/server.ts';
import { createStand } from './stand.ts';

test.runIf(redisServer.available)(
  'what a worker without the token took is answered by one that has it, and uses up no attempt',
  async () => {
    const stand = await createStand('redis');
    onTestFinished(() => stand.endAndInspect());
    const lacking = await stand.launch({ ROLE: 'worker', TELEGRAM_BOT_TOKEN: '', TELEGRAM_API_ROOT: '' });
    await stand.launch({ ROLE: 'gateway' });
    const chat = stand.telegram.privateChat();
    chat.say('hello');
    const looks = () => lacking.log().match(/"outcome":"not ours"/g)?.length ?? 0;
    await lacking.until(() => looks() >= 2);
    const fit = await stand.launch({ ROLE: 'worker' });
    await stand.texts(chat, ([answer]) => answer !== undefined);
    await fit.until(() => fit.log().includes('"outcome":"answered"'));
    expect(fit.log()).toMatch(/"attempt":1,"outcome":"answered"/);
    expect(lacking.log().match(/"msg":"this worker lacks a platform"/g)).toHaveLength(1);
    expect(lacking.log()).not.toContain('dead letter');
    // Each look is two seconds after the one before.
    expect(looks()).toBeLessThan(20);
  },
);
