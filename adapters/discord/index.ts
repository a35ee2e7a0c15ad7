import { z } from 'zod';
import { definePlatform } from '../platform.ts';
import { receiveFromDiscord } from './receive.ts';
import { createDiscordSender } from './send.ts';

/** Discord: heard over its gateway, written to over its REST API. */
export const discord = definePlatform({
  name: 'discord',
  enabledBy: 'DISCORD_BOT_TOKEN',
  env: z.object({
    DISCORD_BOT_TOKEN: z
      .string('required: make a bot in the Discord developer portal, and set its token')
      .trim()
      .regex(
        /^[\w-]+\.[\w-]+\.[\w-]+$/,
        'must be three parts with dots between them, like MTIz….Gabc.xyz…: in the developer portal, under Bot, press Reset Token and copy it whole (it is not the client secret, nor the public key)',
      ),
    DISCORD_API_URL: z
      .url({ protocol: /^https?$/, error: 'must look like https://discord.com/api' })
      .default('https://discord.com/api')
      .transform((url) => url.replace(/(\/v10)?\/*$/, '')),
    DISCORD_MESSAGE_CONTENT: z.stringbool('must be true or false').default(false),
  }),
  leg: { proxy: 'DISCORD_PROXY', server: 'DISCORD_API_URL' },
  receive: (settings, tools) => receiveFromDiscord({ ...settings, proxy: tools.proxy }, tools),
  sender: (settings, tools) => createDiscordSender({ ...settings, proxy: tools.proxy }, tools),
});
