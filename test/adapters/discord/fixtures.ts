// Payloads as the gateway dispatches them, cut down to what may matter.

export const me = '200000000000000001';
export const ada = {
  id: '300000000000000001',
  username: 'ada_l',
  global_name: 'Ada Lovelace',
  discriminator: '0',
  avatar: null,
  public_flags: 0,
};
export const bob = { ...ada, id: '300000000000000002', username: 'bob', global_name: null };
export const ourselves = { ...ada, id: me, username: 'coze', global_name: null, bot: true };
const guild = '400000000000000001';
export const channel = '500000000000000001';
export const thread = '500000000000000002';

/** Made at this time, as its first bits tell. */
export const messageId = '1300000000000000000';
export const madeAt = 1_730_014_552_832;

const member = {
  nick: null,
  roles: [],
  joined_at: '2024-05-01T10:00:00.000000+00:00',
  deaf: false,
  mute: false,
};

const everyMessage = {
  id: messageId,
  type: 0,
  tts: false,
  pinned: false,
  edited_timestamp: null,
  timestamp: '2024-10-27T04:54:35.474000+00:00',
  mention_everyone: false,
  mention_roles: [],
  mentions: [] as object[],
  attachments: [] as object[],
  embeds: [],
  components: [],
  flags: 0,
  author: ada as object,
  content: 'hello',
};

/** In private. */
export const direct = (more: object = {}) => ({
  ...everyMessage,
  channel_id: '500000000000000009',
  channel_type: 1,
  ...more,
});

/** In a channel of a server. */
export const said = (more: object = {}) => ({
  ...everyMessage,
  channel_id: channel,
  channel_type: 0,
  guild_id: guild,
  member,
  ...more,
});

export const mentioned = (user: object, nick: string | null = null) => ({
  ...user,
  member: { ...member, nick },
});

/** What a reply to a message of this person carries. */
export const replyTo = (author: object) => ({
  type: 19,
  message_reference: { type: 0, message_id: '1299999999999999999', channel_id: channel, guild_id: guild },
  referenced_message: { ...everyMessage, id: '1299999999999999999', channel_id: channel, author },
});

export const interactionToken = 'aW50ZXJhY3Rpb246MTMwMDAwMDAw.secret-words_0';

export const command = (more: object = {}) => ({
  id: '1300000000000000001',
  application_id: '600000000000000001',
  type: 2,
  version: 1,
  token: interactionToken,
  channel_id: channel,
  channel: { id: channel, type: 0 },
  guild_id: guild,
  member: { ...member, nick: 'The Countess', user: ada, permissions: '0' },
  locale: 'zh-CN',
  guild_locale: 'en-US',
  app_permissions: '0',
  entitlements: [],
  authorizing_integration_owners: { 0: guild },
  context: 0,
  attachment_size_limit: 10_485_760,
  data: { id: '700000000000000001', name: 'reset', type: 1 },
  ...more,
});

/** A button of ours, pressed in a channel of a server. */
export const press = (more: object = {}) => ({
  ...command(),
  type: 3,
  message: { ...everyMessage, id: '1299999999999999999', channel_id: channel, author: ourselves },
  data: { component_type: 2, custom_id: `stop/turn/${ada.id}`, id: 2 },
  ...more,
});

/** Messages that nobody wrote: types of the service messages that a server shows. */
export const serviceTypes = [1, 2, 3, 4, 5, 6, 7, 8, 12, 18, 20, 21, 22, 23, 24, 25, 46];
