import { describe, expect, onTestFinished, test } from 'vitest';
import { type CozeEmulatorOptions, startCozeEmulator } from '../../emulators/coze/index.ts';
import { createCozeDesk } from '../../src/coze/desk.ts';
import { fileKind } from '../../src/coze/file-kind.ts';
import { openOAuth, ours } from './oauth-stand.ts';
import { type RawRequest, type Reply, startRawServer } from './raw-server.ts';
import { eventually, failureOf } from './stand.ts';
import { createStillClock } from './still-clock.ts';

const personal = '7300000000000000009';
const team = '7300000000000000020';

async function openDesk(options: CozeEmulatorOptions = {}) {
  const emulator = await startCozeEmulator(options);
  onTestFinished(() => emulator.close());
  const desk = createCozeDesk({ token: 'pat_x', baseUrl: emulator.url, clock: createStillClock() });
  return { emulator, desk };
}

/** A server that speaks only this. */
async function openRawDesk(answer: (reply: Reply, request: RawRequest) => void) {
  const server = await startRawServer(answer);
  onTestFinished(() => server.close());
  const clock = createStillClock();
  return { server, clock, desk: createCozeDesk({ token: 'pat_x', baseUrl: server.url, clock }) };
}

const json = (body: object) => (reply: Reply) =>
  reply.whole('200 OK', 'application/json', JSON.stringify(body));

describe('bots', () => {
  const bots = {
    '11': { published: true, name: 'Weather' },
    '12': { published: false, name: 'Draft' },
    '13': { published: true, name: 'Poet', workspace: team },
  };

  test('of a workspace are all of them, published or not', async () => {
    const { desk } = await openDesk({ bots });
    expect(await desk.bots(personal)).toEqual([
      { id: '11', name: 'Weather', isPublished: true, workspaceId: personal },
      { id: '12', name: 'Draft', isPublished: false, workspaceId: personal },
    ]);
  });

  test('without a workspace are those of every one', async () => {
    const { desk } = await openDesk({ bots });
    expect((await desk.bots()).map(({ id, workspaceId }) => [id, workspaceId])).toEqual([
      ['11', personal],
      ['12', personal],
      ['13', team],
    ]);
  });

  test('of a workspace that the token is not for are left out, unless there are no others', async () => {
    const { emulator, desk } = await openDesk({ bots });
    emulator.fault({ on: '/v1/bots', reply: 'json', code: 4101 });
    expect((await desk.bots()).map(({ id }) => id)).toEqual(['13']);
    emulator.fault({ on: '/v1/bots', reply: 'json', code: 4101 }, 2);
    expect(await failureOf(desk.bots())).toMatchObject({ kind: 'config', code: 4101 });
    emulator.fault({ on: '/v1/bots', reply: 'json', code: 4100 });
    expect(await failureOf(desk.bots())).toMatchObject({ kind: 'token', code: 4100 });
  });

  test('come from as many pages as there are', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 45 }, (_, at) => [`${100 + at}`, { published: true }]),
    );
    const { emulator, desk } = await openDesk({ bots: many });
    expect((await desk.bots(personal)).map(({ id }) => id)).toEqual(Object.keys(many));
    expect(emulator.requests).toHaveLength(3);
  });

  test('end where the server gives the same page again', async () => {
    const items = [{ id: '1', name: 'One', is_published: true }, 'no bot'];
    const { server, desk } = await openRawDesk(json({ code: 0, data: { items, total: 9 } }));
    expect(await desk.bots('5')).toEqual([{ id: '1', name: 'One', isPublished: true, workspaceId: '5' }]);
    expect(server.requests).toHaveLength(2);
  });

  test.each([{ code: 0 }, { code: 0, data: [] }, { code: 0, data: { items: {} } }])(
    'are none in %j',
    async (reply) => {
      const { desk } = await openRawDesk(json(reply));
      expect(await desk.bots('5')).toEqual([]);
      expect(await desk.bots()).toEqual([]);
    },
  );

  test('are not asked for in a workspace that cannot be one', async () => {
    const { emulator, desk } = await openDesk();
    expect(await failureOf(desk.bots('1&x=2'))).toMatchObject({ kind: 'gone' });
    expect(emulator.requests).toEqual([]);
  });
});

describe('a bot', () => {
  test('is called by its name', async () => {
    const { desk } = await openDesk({ bots: { '11': { published: true, name: 'Weather' } } });
    expect(await desk.nameOf('11')).toBe('Weather');
  });

  test.each([
    ['that is not published', '12', 4015],
    ['that is not there', '13', 4006],
  ])('%s is refused', async (_what, id, code) => {
    const { desk } = await openDesk({ bots: { '12': { published: false } } });
    expect(await failureOf(desk.nameOf(id))).toMatchObject({ kind: 'config', code });
  });
});

describe('a file', () => {
  const bytes = Buffer.from('\x89PNG\r\n\x00--\xff', 'latin1');

  test('arrives with its name, to the byte, and is told what it is', async () => {
    const { emulator, desk } = await openDesk();
    const file = await desk.upload({ name: '猫.PNG', bytes });
    expect(file).toEqual({ id: expect.stringMatching(/^\d+$/), name: '猫.PNG', bytes: bytes.length });
    expect(Buffer.from(emulator.files()[0]?.bytes ?? [])).toEqual(bytes);
    expect(await desk.kindOf(file.id)).toBe('image');
    expect(emulator.requests).toHaveLength(1);
    const elsewhere = createCozeDesk({ token: 'pat_x', baseUrl: emulator.url, clock: createStillClock() });
    expect(await elsewhere.kindOf(file.id)).toBe('image');
  });

  test.each([
    ['of a kind that Coze does not know', 'a.txt', 4303],
    ['that is empty', 'a.png', 4300],
  ])('%s is refused', async (_what, name, code) => {
    const { desk } = await openDesk();
    const refused = await failureOf(desk.upload({ name, bytes: code === 4300 ? new Uint8Array() : bytes }));
    expect(refused).toMatchObject({ kind: 'file', code, retryable: false });
  });

  test('is sent again with a new token when the old one has ended', async () => {
    const { emulator, line, tokenCalls } = await openOAuth();
    const desk = createCozeDesk({ ...line, token: ours });
    await desk.checkToken();
    emulator.revokeTokens();
    expect(await desk.upload({ name: 'a.png', bytes })).toMatchObject({ bytes: bytes.length });
    expect(tokenCalls()).toHaveLength(2);
  });

  test('may take longer than other calls, but not for ever', async () => {
    const { server, clock, desk } = await openRawDesk(() => undefined);
    const facts = failureOf(desk.upload({ name: 'a.png', bytes }));
    await eventually(() => server.openSockets()).toBe(1);
    await eventually(() => clock.sleeps(120_000)).toBe(true);
    clock.advance(120_000);
    expect(await facts).toMatchObject({ kind: 'busy', retryable: true });
  });

  test('is given up when nobody waits for it any more', async () => {
    const { clock, desk } = await openRawDesk(() => undefined);
    const gone = new AbortController();
    const uploading = desk.upload({ name: 'a.png', bytes }, gone.signal);
    await eventually(() => clock.sleeps(120_000)).toBe(true);
    const reason = new Error('gone');
    gone.abort(reason);
    await expect(uploading).rejects.toBe(reason);
  });

  test('that Coze does not know is of no kind', async () => {
    const { emulator, desk } = await openDesk();
    expect(await desk.kindOf('73')).toBeUndefined();
    expect(await desk.kindOf('../73')).toBeUndefined();
    emulator.fault({ on: '/v1/files/retrieve', reply: 'json', code: 4000 });
    expect(await desk.kindOf('73')).toBeUndefined();
    emulator.fault({ on: '/v1/files/retrieve', reply: 'json', code: 4100 });
    expect(await failureOf(desk.kindOf('73'))).toMatchObject({ kind: 'token' });
  });

  test('is just a file where the server has no call to tell of it', async () => {
    const { emulator, desk } = await openDesk();
    emulator.fault({ on: '/v1/files/retrieve', reply: 'html', status: 404 });
    expect(await desk.kindOf('73')).toBe('file');
  });

  test('without an id in the reply has not been taken', async () => {
    const { desk } = await openRawDesk(json({ code: 0, data: {} }));
    expect(await failureOf(desk.upload({ name: 'a.png', bytes }))).toMatchObject({ kind: 'gone' });
  });
});

test.each([
  ['a.jpg', 'image'],
  ['A.B.WebP', 'image'],
  ['voice.ogg', 'audio'],
  ['report.pdf', 'file'],
  ['png', 'file'],
  ['', 'file'],
  ['.png', 'image'],
])('%j goes into a question as %s', (name, kind) => {
  expect(fileKind(name)).toBe(kind);
});

describe('the token', () => {
  test('is accepted, also where it may not learn whose it is', async () => {
    const { emulator, desk } = await openDesk({ tokens: ['pat_x'] });
    await desk.checkToken();
    emulator.fault({ on: '/v1/users/me', reply: 'json', code: 4101 });
    await desk.checkToken();
  });

  test.each(['401', '200', '700012006'] as const)('is refused as %s', async (badToken) => {
    const { desk } = await openDesk({ tokens: ['pat_other'], badToken });
    expect(await failureOf(desk.checkToken())).toMatchObject({ kind: 'token' });
  });
});
