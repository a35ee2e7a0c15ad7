import { expect, test } from 'vitest';
import { createClient } from '../../../adapters/discord/client.ts';
import { createStarts } from '../../../adapters/discord/starts.ts';
import { systemClock } from '../../../src/clock.ts';
import { wayBy } from '../../proxy/stand.ts';

test('a proxy that is named after discord.js was loaded without one is refused, not passed by', async () => {
  const settings = {
    DISCORD_BOT_TOKEN: 'none',
    DISCORD_API_URL: 'http://discord.test/api',
    DISCORD_MESSAGE_CONTENT: false,
  };
  const options = { starts: createStarts(systemClock), clock: systemClock, tell: () => {} };
  const { client } = await createClient(settings, options);
  await client.destroy();
  const late = createClient({ ...settings, proxy: wayBy('http://127.0.0.1:1') }, options);
  await expect(late).rejects.toThrow(/^DISCORD_PROXY: .*without the proxy$/);
});
