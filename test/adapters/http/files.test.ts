import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { homes } from '../../bridge/stand.ts';
import { serve } from './served.ts';

const picture = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x00, 0xff]);
const key = 'cb_0123456789abcdefghij';
const byKey = { authorization: `Bearer ${key}` };

function formOf(...files: readonly [name: string, bytes: Uint8Array<ArrayBuffer>][]): FormData {
  const form = new FormData();
  for (const [name, bytes] of files) form.append('file', new File([bytes], name));
  return form;
}

type Bridge = Awaited<ReturnType<typeof serve>>;

async function upload({ url }: Bridge, body: FormData | string, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/files`, { method: 'POST', body, headers });
  return { status: response.status, ...((await response.json()) as { id?: string; detail?: string }) };
}

describe.each(homes)('files on $home', ({ home }) => {
  test('go to Coze, and into questions as what they are', async () => {
    const bridge = await serve(home, { SERVER_API_KEYS: key });
    const image = await upload(bridge, formOf(['猫.png', picture]), byKey);
    expect(image).toEqual({ status: 200, id: expect.stringMatching(/^\d+$/), bytes: 8, file_name: '猫.png' });
    const paper = await upload(bridge, formOf(['paper.pdf', picture]), byKey);
    expect(bridge.coze.files().map(({ name, bytes }) => [name, [...bytes]])).toEqual([
      ['猫.png', [...picture]],
      ['paper.pdf', [...picture]],
    ]);
    const question = { message: 'What is this?', file_ids: [image.id, paper.id] };
    const answer = await bridge.post('/chat', question, byKey);
    expect(answer.status).toBe(200);
    expect(((await answer.json()) as { response: string }).response).toMatch(/with 2 attached/);
    expect(JSON.parse(bridge.questions()[0]?.text ?? '')).toEqual([
      { type: 'text', text: 'What is this?' },
      { type: 'image', file_id: image.id },
      { type: 'file', file_id: paper.id },
    ]);
  });
});

describe('a file is refused in words', () => {
  test('without a key', async () => {
    const bridge = await serve('embedded', { SERVER_API_KEYS: key });
    expect(await upload(bridge, formOf(['a.png', picture]))).toMatchObject({ status: 401 });
    expect((await bridge.get('/bots')).status).toBe(401);
    expect(bridge.coze.requests).toEqual([]);
  });

  test('by what is wrong with it', async () => {
    const bridge = await serve('embedded', { SERVER_MAX_BODY: '2048' });
    const large = new Uint8Array(3_000);
    const boundary = { 'content-type': 'multipart/form-data; boundary=x' };
    const wordy = formOf(['a.png', picture]);
    for (const name of ['a', 'b', 'c']) wordy.append(name, 'x'.repeat(1_000));
    const named = (name: string) =>
      `--x\r\ncontent-disposition: form-data; name="file"; ${name}\r\n\r\n8 bytes.\r\n--x--\r\n`;
    const cases: [
      body: FormData | string,
      headers: Record<string, string>,
      status: number,
      detail: RegExp,
    ][] = [
      [formOf(['a.png', large]), {}, 413, /larger than 2048 bytes/],
      [wordy, {}, 413, /larger than 2048 bytes/],
      [formOf(['a.png', new Uint8Array()]), {}, 422, /empty/],
      [named("filename*=UTF-8''a%00b.png"), boundary, 422, /control characters/],
      [named(`filename="${'a'.repeat(300)}.png"`), boundary, 422, /too long/],
      [formOf(['a.png', picture], ['b.png', picture]), {}, 422, /One file at a time/],
      [formOf(), {}, 422, /There is no file in it/],
      ['{"file":"a.png"}', { 'content-type': 'application/json' }, 415, /multipart\/form-data/],
      ['a.png', { 'content-type': 'image/png' }, 415, /multipart\/form-data/],
      ['--x\r\nbroken', boundary, 422, /cannot be read/],
      [formOf(['notes.txt', picture]), {}, 415, /kind that it does not know/],
    ];
    for (const [body, headers, status, detail] of cases)
      expect(await upload(bridge, body, headers)).toEqual({ status, detail: expect.stringMatching(detail) });
    expect(bridge.coze.files()).toEqual([]);
  });

  test('before more of it is read than a request may have', async () => {
    const bridge = await serve('embedded', { SERVER_MAX_BODY: '2048' });
    const socket = connect(Number(new URL(bridge.url).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (piece) => {
      answer += piece;
    });
    const field = '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n';
    socket.write(
      'POST /files HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\ncontent-type: multipart/form-data; boundary=x\r\n\r\n',
    );
    for (const piece of [field, 'a'.repeat(3_000)])
      socket.write(`${piece.length.toString(16)}\r\n${piece}\r\n`);
    // It never ends.
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*connection: close[\s\S]*larger than 2048 bytes/);
  });

  test('by Coze, in the language that is asked for, and not in its own words', async () => {
    const bridge = await serve('embedded');
    const refused = async (code: number) => {
      bridge.coze.fault({ on: '/v1/files/upload', reply: 'json', code, msg: 'inner secrets' });
      return upload(bridge, formOf(['a.png', picture]), { 'accept-language': 'zh-CN,zh;q=0.9' });
    };
    expect(await refused(4302)).toEqual({ status: 413, detail: expect.stringMatching(/文件/) });
    expect(await refused(4304)).toEqual({ status: 422, detail: expect.stringMatching(/文件/) });
    expect(await refused(4100)).toEqual({ status: 503, detail: expect.stringMatching(/令牌/) });
    expect(await refused(4013)).toEqual({ status: 503, detail: expect.stringMatching(/繁忙/) });
  });
});

test('a question with a file that Coze does not have is not asked', async () => {
  const bridge = await serve('embedded');
  const response = await bridge.post('/chat', { message: 'What is this?', file_ids: ['73'] });
  expect(response.status).toBe(422);
  expect(await response.json()).toEqual({ detail: expect.stringMatching(/file_ids: .*"73"/) });
  expect(bridge.questions()).toEqual([]);
});

describe('bots', () => {
  const team = '7300000000000000020';
  const bots = {
    '7300000000000000001': { published: true, name: 'Weather' },
    '7300000000000000002': { published: false, name: 'Draft', workspace: team },
  };

  test('are listed, of one workspace or all', async () => {
    const bridge = await serve('embedded', {}, { bots });
    const draft = { id: '7300000000000000002', name: 'Draft', is_published: false, workspace_id: team };
    expect(await (await bridge.get('/bots')).json()).toEqual({
      bots: [expect.objectContaining({ name: 'Weather', is_published: true }), draft],
    });
    expect(await (await bridge.get(`/bots?workspace_id=${team}`)).json()).toEqual({ bots: [draft] });
  });

  test('are refused in words', async () => {
    const bridge = await serve('embedded', {}, { bots });
    const look = async (workspace: string) => {
      const response = await bridge.get(`/bots?workspace_id=${workspace}`);
      return [response.status, await response.json()];
    };
    const refused = (status: number, detail: RegExp) => [status, { detail: expect.stringMatching(detail) }];
    for (const workspace of ['mine', '9'.repeat(400)])
      expect(await look(workspace)).toEqual(refused(422, /workspace_id: .*id of Coze/));
    expect(await look('99')).toEqual(refused(404, /no such workspace/));
    bridge.coze.fault({ on: '/v1/workspaces', reply: 'json', code: 4101, msg: 'inner secrets' });
    const all = await bridge.get('/bots');
    expect([all.status, await all.json()]).toEqual(refused(503, /set up/));
  });
});
