import { afterEach, expect, test } from 'vitest';
import { seeded } from '../../text/seeded.ts';
import { enormous, junk, mangled, otherEvents, wholes } from './junk.ts';
import { checkAndStop, startEmulator, startHearing } from './listening.ts';

// Whatever is thrown where nobody catches it fails the run.
afterEach(checkAndStop);

const events = 10_000;
const rounds = 100;

/** Opcodes of a server, and others; but for those by which it ends a session or wants a heartbeat. */
const opcodes = [0, 2, 3, 4, 5, 6, 8, 10, 11, 12, 99, -1, 1.5, '0', null, {}];

test('ten thousand events of any shape are heard or left out, and what is well formed between them is heard', async () => {
  const { emulator, heard, log, isReady } = await startHearing({ emulator: await startEmulator() });
  const random = seeded(20_261_128);
  const dm = emulator.dm();
  const channel = emulator.guild().channel();
  const isSaid = (text: string) => heard.some((message) => message.text === text);
  const push = (frame: unknown) => emulator.gateway.push(JSON.stringify(frame));
  for (let round = 0; round < rounds; round++) {
    for (let nth = 0; nth < events / rounds; nth++) {
      if (random.chance(0.01)) emulator.gateway.push(random.pick(enormous));
      else if (random.chance(0.1))
        push({ op: random.pick(opcodes), t: junk(random), s: junk(random), d: junk(random) });
      else if (random.chance(0.4))
        push({ op: 0, t: random.pick(otherEvents), s: junk(random), d: junk(random) });
      else {
        const [t, whole] = random.pick(wholes);
        push({ op: 0, t, s: null, d: mangled(whole, random) });
      }
    }
    dm.say(`direct ${round}`);
    channel.say(`${emulator.mention} mention ${round}`);
    await emulator.until(() => isSaid(`direct ${round}`) && isSaid(`mention ${round}`));
  }
  expect(heard.length).toBeGreaterThan(1_000);
  for (const message of heard) {
    expect(JSON.parse(JSON.stringify(message))).toEqual(message);
    expect(message.id).toMatch(/^discord:/);
    expect(message.author.name).toBeTypeOf('string');
    expect(Number.isFinite(message.sentAt)).toBe(true);
  }
  expect(emulator.gateway.connections).toHaveLength(1);
  expect(isReady()).toBe(true);
  // Each kind of event is told of once; buttons and commands that nobody has given cannot be acknowledged.
  const told = log.events().filter((event) => !event.endsWith('could not be acknowledged'));
  expect(told.length).toBeLessThan(otherEvents.length);
}, 60_000);

test('sessions that are ended in between go on', async () => {
  const { emulator, heard, isReady } = await startHearing();
  const random = seeded(5);
  const dm = emulator.dm();
  for (const op of [7, 9, 7]) {
    for (let nth = 0; nth < 20; nth++)
      emulator.gateway.push(JSON.stringify({ op: 0, t: 'X', s: null, d: junk(random) }));
    emulator.gateway.push(JSON.stringify({ op, d: junk(random) }));
    await emulator.until(() => !isReady());
    await emulator.until(isReady);
    dm.say(`after ${op}`);
    const before = heard.length;
    await emulator.until(() => heard.length > before);
  }
});
