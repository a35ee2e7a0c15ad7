import type { Seeded } from '../../text/seeded.ts';
import { ada, bob, command, direct, me, mentioned, ourselves, press, replyTo, said } from './fixtures.ts';

const megabyte = 2 ** 20;

const strings = [
  '',
  'x',
  '\ud800',
  'a\udfffb\ud83d',
  '\u0000\u0007\u001b[2J\r\n\u0085\u2028',
  '\u202e\u2067مرحبا‏ שלום\u2069',
  '\u200b\u200d\ufeff\u2060',
  '𝕏👩‍👩‍👧‍👦🇨🇳',
  '-1',
  '1e99',
  '99999999999999999999',
  '__proto__',
  '<@!1><@&2><#3></reset:4><t:5:R><a:b:6>',
  `<@${me}> `.repeat(500),
];

/** Something of a wrong kind, or of a strange size. */
export function junk(random: Seeded, depth = 0): unknown {
  const kind = random.below(depth > 3 ? 8 : 12);
  if (kind < 4) return random.pick(strings);
  if (kind < 6) return random.pick([null, true, false, 0, -1, 1.5, 1e99, 2 ** 53, -(2 ** 63), 41_250]);
  if (kind === 6) return random.pick([[], {}, [[]], [null], { id: 'x' }, { id: {} }, [{ id: null }]]);
  if (kind === 7) return String(random.below(10)) + String(2 ** 52 + random.below(1_000));
  if (kind < 10) return random.times(0, 4, () => junk(random, depth + 1));
  return Object.fromEntries(random.times(0, 4, () => [random.pick(names), junk(random, depth + 1)]));
}

const names = [
  'id guild_id channel_id type content author member user users mentions attachments embeds message_reference',
  'referenced_message message_snapshots poll sticker_items thread threads channels roles permissions name token data',
  'custom_id component_type application_id message webhook_id edited_timestamp channel_type parent_id members guilds',
  'unavailable preferred_locale last_message_id session_id resume_gateway_url heartbeat_interval constructor __proto__',
]
  .join(' ')
  .split(' ');

/** The same with `junk` somewhere in it. */
export function mangled(whole: object, random: Seeded): unknown {
  const tree = structuredClone(whole) as unknown;
  for (let times = random.below(4); times > 0; times--) mangle(tree, random);
  return tree;
}

function mangle(tree: unknown, random: Seeded): void {
  let node = tree as Record<string, unknown>;
  for (;;) {
    const keys = Object.keys(node);
    const key = random.chance(0.1) ? random.pick(names) : keys[random.below(keys.length)];
    if (key === undefined) return;
    const child = node[key];
    const isLeaf = typeof child !== 'object' || child === null;
    if (isLeaf || random.chance(0.3)) {
      if (random.chance(0.1)) delete node[key];
      else node[key] = junk(random);
      return;
    }
    node = child as Record<string, unknown>;
  }
}

const deep = (levels: number): string => `${'{"d":['.repeat(levels)}1${']}'.repeat(levels)}`;

/** Text that is huge or deep, or not JSON at all. */
export const enormous: readonly string[] = [
  JSON.stringify({ op: 0, t: 'MESSAGE_CREATE', s: 1, d: said({ content: 'x'.repeat(megabyte) }) }),
  JSON.stringify({ op: 0, t: 'MESSAGE_CREATE', s: 1, d: direct({ content: `<@${me}>`.repeat(20_000) }) }),
  JSON.stringify({ op: 0, t: 'MESSAGE_CREATE', s: 1, d: said({ attachments: Array(50_000).fill({}) }) }),
  JSON.stringify({
    op: 0,
    t: 'MESSAGE_CREATE',
    s: 1,
    d: said({ author: { ...ada, username: '𝕏'.repeat(500_000) } }),
  }),
  `{"op":0,"t":"MESSAGE_CREATE","s":1,"d":${deep(20_000)}}`,
  `{"op":0,"t":"GUILD_CREATE","s":1,"d":{"id":"1","channels":${deep(20_000)}}}`,
  `{"op":0,"t":"${'X'.repeat(megabyte)}","s":1,"d":{}}`,
  '[]',
  '5',
  'null',
  '"op"',
  '{"op":0',
  '',
  '\u0000',
  'x'.repeat(megabyte),
];

/** What the gateway tells of, whole. */
export const wholes: readonly (readonly [name: string, payload: object])[] = [
  ...[
    direct({ attachments: [{ content_type: 'image/png' }], sticker_items: [{ id: '1' }] }),
    said({ content: `<@${me}> and <@${bob.id}>`, mentions: [ourselves, mentioned(bob, 'Bobby')] }),
    said({ ...replyTo(ourselves), message_snapshots: [{ message: {} }], poll: {} }),
  ].flatMap((message) =>
    ['MESSAGE_CREATE', 'MESSAGE_UPDATE', 'MESSAGE_DELETE', 'MESSAGE_DELETE_BULK'].map(
      (name) => [name, { ...message, edited_timestamp: new Date().toISOString() }] as const,
    ),
  ),
  ['INTERACTION_CREATE', command()],
  ['INTERACTION_CREATE', press()],
  ['INTERACTION_CREATE', press({ member: undefined, guild_id: undefined, user: ada })],
];

/** Other events; what they tell is made up. */
export const otherEvents: readonly string[] = [
  'READY RESUMED GUILD_CREATE GUILD_UPDATE GUILD_DELETE GUILD_ROLE_CREATE GUILD_ROLE_UPDATE GUILD_ROLE_DELETE',
  'CHANNEL_CREATE CHANNEL_UPDATE CHANNEL_DELETE CHANNEL_PINS_UPDATE THREAD_CREATE THREAD_UPDATE THREAD_DELETE',
  'THREAD_LIST_SYNC THREAD_MEMBER_UPDATE THREAD_MEMBERS_UPDATE USER_UPDATE PRESENCE_UPDATE TYPING_START',
  'GUILD_MEMBER_ADD GUILD_MEMBER_REMOVE GUILD_MEMBER_UPDATE GUILD_MEMBERS_CHUNK GUILD_EMOJIS_UPDATE',
  'MESSAGE_REACTION_ADD MESSAGE_REACTION_REMOVE MESSAGE_POLL_VOTE_ADD VOICE_STATE_UPDATE VOICE_SERVER_UPDATE',
  'INVITE_CREATE INVITE_DELETE STAGE_INSTANCE_CREATE GUILD_SCHEDULED_EVENT_CREATE AUTO_MODERATION_RULE_CREATE',
  'GUILD_AUDIT_LOG_ENTRY_CREATE ENTITLEMENT_CREATE SUBSCRIPTION_CREATE GUILD_SOUNDBOARD_SOUND_CREATE WEBHOOKS_UPDATE',
  'APPLICATION_COMMAND_PERMISSIONS_UPDATE error newListener SOMETHING_NEW hasOwnProperty',
]
  .join(' ')
  .split(' ');
