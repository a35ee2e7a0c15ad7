import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDiscordStand, type DiscordStand } from './discord-stand.ts';

let stand: DiscordStand;
beforeEach(async () => {
  stand = await createDiscordStand('embedded');
});
afterEach(() => stand.endAndInspect());

type Channel = ReturnType<ReturnType<DiscordStand['discord']['guild']>['channel']>;

/** An answer that does not end by itself, to somebody in a server. */
async function startAnswer(channel: Channel, from = stand.discord.person()) {
  stand.coze.answer({ steps: [{ say: Array(600).fill('on and on '), everyMs: 50 }] });
  channel.say(`${stand.discord.mention} tell me a long story`, { from });
  await stand.texts(channel, (texts) => texts[0]?.includes('on and on'));
  await stand.discord.until(() => buttonsBelow(channel).length > 0, 10_000);
}

const shownIn = ({ id }: Channel, nth: number) => stand.discord.shown(id)[nth];
function buttonsBelow(channel: Channel, nth = 0) {
  const message = shownIn(channel, nth);
  return message ? channel.buttons(message.id) : [];
}

async function press(channel: Channel, from: ReturnType<DiscordStand['discord']['person']>, nth = 0) {
  const [button] = buttonsBelow(channel, nth);
  const use = channel.press(shownIn(channel, nth)?.id ?? '', button?.customId ?? '', { from });
  await stand.discord.until(() => use.answered() !== undefined);
  return use;
}

const asides = ({ id }: Channel) =>
  stand.discord
    .shown(id)
    .flatMap(({ content, visibleTo }) => (visibleTo ? [`${visibleTo}: ${content}`] : []));

test('an answer is stopped by the button of who asked or of who moderates, and by nobody else’s', async () => {
  await stand.launch();
  const guild = stand.discord.guild();
  const [ada, bob, chief] = ['Ada', 'Bob', 'Chief'].map((name) => stand.discord.person({ name }));
  if (!ada || !bob || !chief) return expect.fail();
  guild.allow(chief, ['manageMessages']);
  for (const stopper of [ada, chief]) {
    const channel = guild.channel();
    await startAnswer(channel, ada);
    await press(channel, bob);
    await press(channel, stopper);
    await stand.texts(channel, (texts) => texts[0]?.endsWith('Stopped.'));
    await stand.discord.until(() => buttonsBelow(channel).length === 0, 10_000);
    expect(asides(channel)).toEqual([
      expect.stringMatching(`${bob.id}: Only who asked`),
      expect.stringMatching(`${stopper.id}: .*Stopping`),
    ]);
  }
  const runs = () => stand.coze.chats().filter(({ status }) => status !== 'canceled').length;
  await stand.discord.until(() => runs() === 0);
});

test('an answer is stopped by /stop, which is answered for one pair of eyes', async () => {
  await stand.launch();
  const guild = stand.discord.guild();
  const channel = guild.channel();
  await startAnswer(channel, guild.person);
  const use = channel.run('stop');
  await stand.texts(channel, (texts) => texts[0]?.endsWith('Stopped.') && texts[1]?.includes('Stopping'));
  expect(use.answered()?.type).toBe(5);
  expect(shownIn(channel, 1)).toMatchObject({ visibleTo: guild.person.id, loading: false });
});

test('a suggestion is asked once however often it is pressed, and answered to the message that has it', async () => {
  await stand.launch();
  const guild = stand.discord.guild();
  const channel = guild.channel();
  stand.coze.answer({ steps: [{ say: 'the first answer 🚀' }], followUps: ['And then?', 'Why?'] });
  channel.say(`${stand.discord.mention} hello`);
  await stand.discord.until(() => buttonsBelow(channel).length === 2, 10_000);
  expect(buttonsBelow(channel).map(({ label, row }) => `${row} ${label}`)).toEqual(['0 And then?', '1 Why?']);
  await Promise.all([press(channel, guild.person), press(channel, guild.person)]);
  await stand.texts(channel, (texts) => texts[1]?.includes('🚀'));
  expect(shownIn(channel, 1)).toMatchObject({ replyTo: shownIn(channel, 0)?.id, visibleTo: undefined });
  expect(stand.questions()).toEqual(['hello', 'And then?']);
});
