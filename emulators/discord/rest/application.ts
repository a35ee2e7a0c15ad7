import type { Call } from '../call.ts';
import { applicationFlags } from '../gateway/opening.ts';

export const getCurrentUser = ({ bot }: Call) => ({
  ...bot.user,
  verified: true,
  mfa_enabled: true,
  email: null,
  locale: 'en-US',
});

export function getCurrentApplication({ world, bot }: Call) {
  const { id, username } = bot.user;
  const guilds = [...world.guilds.values()].filter(({ members }) => members.has(id));
  return {
    id,
    name: username,
    icon: null,
    description: '',
    summary: '',
    type: null,
    bot: bot.user,
    bot_public: true,
    bot_require_code_grant: false,
    verify_key: id.padStart(64, '0'),
    flags: applicationFlags(bot),
    hook: true,
    team: null,
    owner: null,
    redirect_uris: [],
    interactions_endpoint_url: null,
    approximate_guild_count: guilds.length,
    approximate_user_install_count: 0,
    integration_types_config: { 0: {}, 1: {} },
  };
}
