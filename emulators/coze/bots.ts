import type { Handler } from './call.ts';
import { Refusal } from './refusal.ts';

/** The bots of this Coze by id. */
export type Bots = Readonly<Record<string, EmulatedBot>>;

interface EmulatedBot {
  readonly published: boolean;
  readonly name?: string;
  /** Default: the one workspace that there is anyway. */
  readonly workspace?: string;
}

/** Throws unless the bot can be asked over the API. Without a list every id of digits is a published bot. */
export function checkBot(bots: Bots | undefined, id: string): void {
  const bot = bots ? bots[id] : { published: /^\d+$/.test(id) };
  if (!bot || !/^\d+$/.test(id)) throw new Refusal(4006, 'The bot does not exist');
  if (!bot.published) throw new Refusal(4015, `The bot ${id} is not published to the API channel`);
}

export function retrieveBot(bots: Bots | undefined): Handler {
  return ({ param: id, query }) => {
    if (query.is_published !== 'false' || !bots?.[id]) checkBot(bots, id);
    return {
      json: {
        data: {
          bot_id: id,
          name: bots?.[id]?.name ?? 'Emulated bot',
          description: 'Answers without a model behind it',
          icon_url: '',
          create_time: 1_760_000_000,
          update_time: 1_760_000_000,
          version: '1760000000000',
          bot_mode: 0,
          prompt_info: { prompt: '' },
          onboarding_info: {
            prologue: 'Hello! I am the Coze emulator. Say something.',
            suggested_questions: ['What do you remember?', '你好！', 'long 5000'],
          },
          model_info: { model_id: '1706077826', model_name: 'emulated' },
          plugin_info_list: [],
          workflow_info_list: [],
          shortcut_commands: [],
        },
      },
    };
  };
}

export const me: Handler = () => ({
  json: {
    data: { user_id: '7300000000000000001', user_name: 'emulated', nick_name: 'Emulated', avatar_url: '' },
  },
});
