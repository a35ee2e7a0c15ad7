import type { BotState, ChannelState, GuildState } from '../world.ts';

/** Something that bots may be told over the gateway. */
export interface GatewayEvent {
  readonly name: string;
  readonly about: 'guild' | 'message' | 'typing' | 'interaction';
  readonly guild?: GuildState | undefined;
  readonly channel?: ChannelState | undefined;
  /** The only bot that it is for; without it, every bot that can see the place. */
  readonly onlyFor?: BotState;
  /** What this bot is told; `readsContent` says whether its session may see what others write. */
  readonly data: (bot: BotState, readsContent: boolean) => unknown;
}
