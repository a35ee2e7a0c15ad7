import { expect, test } from 'vitest';
import { type Command, UsageError } from '../../src/cli/command.ts';
import { call } from './shell.ts';

const sing: Command = {
  summary: 'sings a song',
  usage: 'Usage: sing SONG',
  async run([song, ...args], { print, environment }) {
    if (!song) throw new UsageError('sing what?');
    if (song === 'loudly') throw new Error(`no voice left for ${environment().REDIS_URL}`);
    print([song, ...args].join(' '));
    return 7;
  },
};
const run = (line: string, env = {}) => call({ sing }, line, env);

test('the first word names the command, which has the others and says how it ended', async () => {
  expect(await run('sing la la')).toEqual({ status: 7, out: 'la la', err: '' });
});

test.each(['', 'dance', 'constructor', '--loud'])(
  '"%s" is no command: it is told which there are',
  async (line) => {
    const { status, out, err } = await run(line);
    expect([status, out]).toEqual([2, '']);
    expect(err).toMatch(/Usage[\s\S]*sing {2,}sings a song/);
  },
);

test.each(['--help', '-h', 'help'])('%s lists the commands', async (line) => {
  expect(await run(line)).toMatchObject({ status: 0, err: '', out: expect.stringContaining('sings a song') });
});

test.each(['sing --help', 'sing la -h'])('"%s" says how it is called, and does nothing', async (line) => {
  expect(await run(line)).toEqual({ status: 0, out: 'Usage: sing SONG', err: '' });
});

test('what means nothing is told with how it is called', async () => {
  expect(await run('sing')).toEqual({ status: 2, out: '', err: 'sing what?\nUsage: sing SONG' });
});

test('what cannot be done is told in words, without a secret', async () => {
  const { status, out, err } = await run('sing loudly', { REDIS_URL: 'redis://me:hush-hush@example' });
  expect([status, out]).toEqual([1, '']);
  expect(err).toBe('no voice left for redis://me:[secret]@example');
});
