import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { redisServer } from '../redis/server.ts';
import { createDiscordStand, type DiscordStand } from './discord-stand.ts';

const isWhole = (texts: readonly string[], index = 0) => texts[index]?.includes('🚀');

describe('the bridge, from Discord to Coze and back', () => {
  let stand: DiscordStand;
  beforeEach(async () => {
    stand = await createDiscordStand('embedded');
  });
  afterEach(() => stand.endAndInspect());

  test('answers a private message whole, growing in place, and shows that it types', async () => {
    const words = Array.from({ length: 100 }, (_, index) => `word${index} `);
    stand.coze.answer({ steps: [{ waitMs: 200 }, { say: words, everyMs: 50 }] });
    await stand.launch();
    const dm = stand.discord.dm();
    dm.say('hello');
    const [text = ''] = await stand.texts(dm, (texts) => texts[0]?.endsWith('word99'));
    expect(text).toBe(words.join('').trim());
    const [{ history } = { history: [] }] = stand.discord.shown(dm.id);
    expect(history.length).toBeGreaterThanOrEqual(4);
    expect(history.filter(({ content }) => !text.startsWith(content))).toEqual([]);
    expect(stand.discord.typing(dm.id).length).toBeGreaterThan(0);
  });

  test('in a channel, answers who means it, as a reply, without the mention, and nobody else', async () => {
    await stand.launch();
    const guild = stand.discord.guild();
    const channel = guild.channel();
    channel.say('nice weather');
    channel.say(`<@${stand.discord.person().id}> hello`);
    channel.say(`${stand.discord.mention} hi`, { from: stand.discord.person({ isBot: true }) });
    const { id } = channel.say(`so, ${stand.discord.mention} what is new?`);
    await stand.texts(channel, (texts) => isWhole(texts));
    expect(stand.discord.shown(channel.id).map(({ replyTo }) => replyTo)).toEqual([id]);
    const [first] = stand.discord.shown(channel.id);
    channel.say('and then?', { replyTo: first?.id ?? '' });
    await stand.texts(channel, (texts) => isWhole(texts, 1));
    expect(stand.questions()).toEqual(['so, what is new?', 'and then?']);
  });

  test('pings nobody, whatever the answer says', async () => {
    await stand.launch();
    const guild = stand.discord.guild();
    const channel = guild.channel();
    const words = `@everyone and @here and <@${guild.person.id}> and <@&${guild.role().id}>, `;
    stand.coze.answer({ steps: [{ say: Array(30).fill(words), everyMs: 50 }, { say: 'the end.' }] });
    channel.say(`${stand.discord.mention} call them`);
    await stand.texts(channel, (texts) => texts.at(-1)?.endsWith('the end.'));
  });

  test('in a thread, everybody is in one conversation', async () => {
    await stand.launch();
    const thread = stand.discord.guild().channel().thread('Plans');
    thread.say(`${stand.discord.mention} my name is Ada`, { from: stand.discord.person({ name: 'Ada' }) });
    await stand.texts(thread, (texts) => isWhole(texts));
    thread.say(`${stand.discord.mention} who was that?`, { from: stand.discord.person({ name: 'Bob' }) });
    const [, text] = await stand.texts(thread, (texts) => isWhole(texts, 1));
    expect(text).toContain('2 earlier messages');
  });

  test('/reset stops the running answer, makes it forget, and is answered for one pair of eyes', async () => {
    await stand.launch();
    const guild = stand.discord.guild();
    const channel = guild.channel();
    stand.coze.answer({ steps: [{ say: Array(600).fill('on and on '), everyMs: 50 }] });
    channel.say(`${stand.discord.mention} tell me a long story`);
    await stand.texts(channel, (texts) => texts[0]?.includes('on and on'));
    const reset = channel.run('reset');
    await stand.texts(
      channel,
      (texts) => texts[1]?.includes('new conversation') && texts[0]?.endsWith('Stopped.'),
    );
    expect(reset.answered()?.type).toBe(5);
    expect(stand.discord.shown(channel.id)[1]).toMatchObject({
      interactionId: reset.id,
      visibleTo: guild.person.id,
      loading: false,
    });
    expect(stand.coze.chats().map(({ status }) => status)).toEqual(['canceled']);
    stand.coze.answer(({ context }) => ({ steps: [{ say: `I remember ${context.length} messages.` }] }));
    channel.say(`${stand.discord.mention} what do you remember?`);
    await stand.texts(channel, (texts) => texts[2] === 'I remember 0 messages.');
  });

  test('/help says what it is, in the language of the reader', async () => {
    await stand.launch();
    const dm = stand.discord.dm(stand.discord.person({ locale: 'zh-CN' }));
    dm.run('help');
    const [text] = await stand.texts(dm, (texts) => texts[0] !== '' && texts.length === 1);
    expect(text).toMatch(/扣子/);
    expect(stand.questions()).toEqual([]);
  });

  test('what it cannot read gets a sentence', async () => {
    await stand.launch();
    const dm = stand.discord.dm();
    dm.say('', { attachments: [{ name: 'a.png', contentType: 'image/png' }] });
    const [text] = await stand.texts(dm, (texts) => texts.length === 1);
    expect(text).toMatch(/only read text/);
  });

  test('shows an answer of 20,000 characters whole, with its code in fences that end', async () => {
    await stand.launch({ LOG_LEVEL: 'info' });
    const code = Array.from({ length: 500 }, (_, index) => `const word${index} = '${'.'.repeat(15)}';`);
    const prose = Array.from({ length: 150 }, (_, index) => `Sentence ${index} is about something else.`);
    const long = `${prose.join(' ')}\n\n\`\`\`js\n${code.join('\n')}\n\`\`\`\n\nThe end.`;
    stand.coze.answer({ steps: [{ say: long.match(/.{1,200}/gs) ?? [], everyMs: 2 }] });
    const dm = stand.discord.dm();
    dm.say('at length');
    const texts = await stand.texts(dm, (shown) => shown.at(-1)?.endsWith('The end.'));
    expect(long.length).toBeGreaterThan(20_000);
    for (const text of texts) {
      expect(text.length).toBeLessThanOrEqual(2_000);
      expect((text.match(/^```/gm) ?? []).length % 2).toBe(0);
    }
    const lines = (text: string) => text.split(/\s+/).filter((line) => !line.startsWith('```'));
    expect(texts.flatMap(lines)).toEqual(lines(long));
  });

  test('comes back when the gateway drops it, asks it to reconnect or ends its session', async () => {
    await stand.launch();
    const dm = stand.discord.dm();
    const { gateway } = stand.discord;
    const disturbances = [gateway.drop, gateway.reconnect, () => gateway.invalidate()];
    for (const [index, disturb] of disturbances.entries()) {
      const before = gateway.connections.length;
      disturb();
      await stand.discord.until(() => gateway.connections.length > before && gateway.online() === 1, 15_000);
      dm.say(`question ${index}`);
      await stand.texts(dm, (texts) => isWhole(texts, index));
    }
    expect(stand.questions()).toEqual(['question 0', 'question 1', 'question 2']);
  });

  test('a process killed in the middle of an answer: the next one finishes it, in place, without asking again', async () => {
    const first = await stand.launch();
    const words = Array.from({ length: 60 }, (_, index) => `word${index} `);
    stand.coze.answer({ steps: [{ say: words, everyMs: 50 }] });
    const dm = stand.discord.dm();
    dm.say('hello');
    await stand.texts(dm, (texts) => texts[0]?.includes('word10'));
    await first.stop('SIGKILL');
    await stand.launch();
    const texts = await stand.texts(dm, (shown) => shown[0]?.endsWith('word59'));
    expect(texts).toEqual([words.join('').trim()]);
    expect(stand.questions()).toHaveLength(1);
  });

  test('ends with status 0, and leaves Discord', async () => {
    const bridge = await stand.launch();
    expect(await bridge.stop()).toBe(0);
    expect(stand.discord.gateway.online()).toBe(0);
    expect(bridge.log()).not.toMatch(/"level":(40|50)/);
  });
});

test('in a thread where it talks it needs no mention, when it may read all', async () => {
  const stand = await createDiscordStand('embedded', { privilegedIntents: ['messageContent'] });
  await stand.launch({ DISCORD_MESSAGE_CONTENT: 'true' });
  const thread = stand.discord.guild().channel().thread('Plans');
  thread.say('nobody is meant');
  thread.say(`${stand.discord.mention} hello`);
  await stand.texts(thread, (texts) => isWhole(texts));
  thread.say('and then?');
  await stand.texts(thread, (texts) => isWhole(texts, 1));
  expect(stand.questions()).toEqual(['hello', 'and then?']);
  await stand.endAndInspect();
});

test('what its owner has not switched on is said in words, and it ends', async () => {
  const stand = await createDiscordStand('embedded');
  await expect(stand.launch({ DISCORD_MESSAGE_CONTENT: 'true' })).rejects.toThrow(/Message Content Intent/);
  await stand.endAndInspect();
});

test.runIf(redisServer.available)('gateway and worker share the work through Redis', async () => {
  const stand = await createDiscordStand('redis');
  const gateway = await stand.launch({ ROLE: 'gateway' });
  const dm = stand.discord.dm();
  dm.say('is anybody there?');
  await stand.launch({ ROLE: 'worker' });
  await stand.texts(dm, (texts) => isWhole(texts));
  const help = dm.run('help');
  await stand.texts(dm, (texts) => texts[1]?.includes('Coze bot'));
  expect(help.answered()).toBeDefined();
  expect(gateway.log()).not.toContain('"msg":"turn"');
  expect(stand.discord.gateway.connections).toHaveLength(1);
  await stand.endAndInspect();
});
