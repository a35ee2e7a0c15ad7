import type { MessageEntity } from 'grammy/types';

interface Place {
  readonly offset: number;
  readonly length: number;
}

/** What a link in Markdown or HTML becomes; a target that is no address gives no entity, and no error. */
export function linkEntity(target: string, place: Place): MessageEntity | undefined {
  const emojiId = /^tg:\/\/emoji\?id=(\d+)$/.exec(target)?.[1];
  if (emojiId !== undefined) return { type: 'custom_emoji', custom_emoji_id: emojiId, ...place };
  const userId = /^tg:\/\/user\?id=(\d+)$/.exec(target)?.[1];
  if (userId !== undefined) {
    return {
      type: 'text_mention',
      user: { id: Number(userId), is_bot: false, first_name: userId },
      ...place,
    };
  }
  const time = /^tg:\/\/time\?unix=(\d+)(?:&format=(r|w?[dD]?[tT]?))?$/.exec(target);
  if (time !== null) {
    const format = (time[2] ?? '') as MessageEntity.DateTimeMessageEntity['date_time_format'];
    return { type: 'date_time', unix_time: Number(time[1]), date_time_format: format, ...place };
  }
  if (!/^(?:(?:https?|tg|ton|ftp):\/\/)?[^\s/]+\.[^\s]+$|^tg:\/\/\S+$|^https?:\/\/localhost/i.test(target))
    return undefined;
  const url = /^[a-z]+:\/\//i.test(target) ? target : `http://${target}`;
  return { type: 'text_link', url: URL.canParse(url) ? new URL(url).href : url, ...place };
}
