import type { Message } from 'grammy/types';
import { shownText } from './messages.ts';
import { type BotState, botsIn, type ChatState, type World } from './world.ts';

/** Hands a person's message, new or edited, to the bots that the real server would hand it to. */
export function deliver(
  world: World,
  state: ChatState,
  kind: 'message' | 'edited_message',
  message: Message,
): void {
  for (const bot of botsIn(world, state)) {
    if (isFor(world, bot, state, message)) bot.updates.push(kind, message as never);
  }
}

function isFor(world: World, bot: BotState, state: ChatState, message: Message): boolean {
  const member = state.members.get(bot.user.id);
  if (state.chat.type === 'private' || !member?.privacy || member.status === 'administrator') return true;
  if (isService(message)) return true;
  return repliesTo(bot, message) || names(bot, message) || commands(world, bot, state, message);
}

const content = ['text', 'photo', 'voice', 'sticker', 'document', 'location', 'video', 'audio'] as const;
const isService = (message: Message) => content.every((name) => message[name] === undefined);

const repliesTo = (bot: BotState, message: Message) =>
  (message.reply_to_message as Message | undefined)?.from?.id === bot.user.id;

const entitiesOf = (message: Message) => message.entities ?? message.caption_entities ?? [];

function names(bot: BotState, message: Message): boolean {
  const text = shownText(message);
  return entitiesOf(message).some((entity) => {
    if (entity.type === 'text_mention') return entity.user.id === bot.user.id;
    const name = text.slice(entity.offset + 1, entity.offset + entity.length);
    return entity.type === 'mention' && name.toLowerCase() === bot.user.username.toLowerCase();
  });
}

// A command that names no bot goes to the bot that spoke last, or to the only one.
function commands(world: World, bot: BotState, state: ChatState, message: Message): boolean {
  const text = shownText(message);
  return entitiesOf(message).some((entity) => {
    if (entity.type !== 'bot_command') return false;
    const [, named] = text.slice(entity.offset, entity.offset + entity.length).split('@');
    if (named !== undefined) return named.toLowerCase() === bot.user.username.toLowerCase();
    return state.lastBotToSpeak === bot.user.id || botsIn(world, state).length === 1;
  });
}
