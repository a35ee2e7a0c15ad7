import { expect, test } from 'vitest';
import { commandToInbound, pressToInbound, toInbound } from '../../../adapters/discord/inbound.ts';
import { commandOf, messageOf, pressOf } from '../../../adapters/discord/payload.ts';
import { mangle } from '../../support/mangle.ts';
import { seeded } from '../../text/seeded.ts';
import { ada, bob, command, direct, me, mentioned, ourselves, press, replyTo, said } from './fixtures.ts';

const place = { me, isThread: true, isOurs: true };

function read(payload: unknown) {
  const message = messageOf(payload);
  const command = commandOf(payload);
  const press = pressOf(payload);
  return (
    (message && toInbound(message, place)) ??
    (command && commandToInbound(command, place)) ??
    (press && pressToInbound(press, place))
  );
}

const junk = [null, undefined, 0, -1, 1e99, Number.NaN, '', '\ud800', 'x', true, [], {}, [null], { id: 'x' }];

test('no payload, however mangled, makes it throw, and what it lets through is well formed', () => {
  const whole = [
    direct({ attachments: [{ content_type: 'image/png' }], sticker_items: [{ id: '1' }] }),
    said({ content: `<@${me}> and <@${bob.id}>`, mentions: [ourselves, mentioned(bob, 'Bobby')] }),
    said({ ...replyTo(ourselves), message_snapshots: [{ message: {} }], poll: {} }),
    command(),
    command({ member: undefined, guild_id: undefined, user: ada }),
    press(),
    press({ data: { component_type: 2, custom_id: 'ask/turn/1' } }),
    press({ member: undefined, guild_id: undefined, user: ada }),
  ];
  let heard = 0;
  for (let seed = 0; seed < 5_000; seed++) {
    const random = seeded(seed);
    const payload = structuredClone(random.pick(whole)) as unknown;
    for (let times = random.below(4); times > 0; times--) mangle(payload, random.pick(junk), random.below);
    const message = read(payload);
    if (!message) continue;
    heard++;
    expect(JSON.parse(JSON.stringify(message))).toEqual(message);
    expect(message.id).toMatch(/^discord:(\d+:\d+:\d+(:ask\/turn\/1:\d+)?|interaction:\d+)$/);
    expect(message.text).toBeTypeOf('string');
    expect(message.author.name).toBeTypeOf('string');
    expect(message.sentAt).toBeGreaterThan(1_420_070_400_000);
  }
  expect(heard).toBeGreaterThan(500);
  for (const payload of junk) expect(read(payload)).toBeUndefined();
});
