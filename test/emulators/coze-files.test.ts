import type { CozeAPI } from '@coze/api';
import { describe, expect, test } from 'vitest';
import { call, clientOf, emulate } from './coze-client.ts';

const picture = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x00, 0xff]);

function formOf(
  ...files: readonly [field: string, name: string, bytes: Uint8Array<ArrayBuffer>][]
): FormData {
  const form = new FormData();
  for (const [field, name, bytes] of files) form.append(field, new File([bytes], name));
  return form;
}

const upload = (api: CozeAPI, form: FormData) =>
  api.post<FormData, { data: { id: string } }>('/v1/files/upload', form);

describe('a file', () => {
  test('is kept with its name and size, to the byte', async () => {
    const { emulator, api } = await emulate();
    const { data } = await upload(api, formOf(['file', '图 "1".png', picture]));
    const kept = { id: expect.stringMatching(/^\d{19}$/), bytes: 8, created_at: expect.any(Number) };
    expect(data).toEqual({ ...kept, file_name: expect.stringMatching(/^图 .*1.*\.png$/) });
    expect(await api.files.retrieve(data.id)).toEqual(data);
    expect(emulator.files()[0]?.bytes).toEqual(picture);
    expect(emulator.requests[0]?.body).toEqual([
      { field: 'file', name: expect.stringMatching(/\.png$/), bytes: 8 },
    ]);
  });

  test('belongs to the account that uploaded it', async () => {
    const { api, url } = await emulate();
    const { data } = await upload(api, formOf(['file', 'a.png', picture]));
    await expect(clientOf(url, 'pat_other').files.retrieve(data.id)).rejects.toMatchObject({ code: 4200 });
  });

  test.each<[what: string, code: number, form: FormData]>([
    ['an empty one', 4300, formOf(['file', 'a.png', new Uint8Array()])],
    ['two', 4301, formOf(['file', 'a.png', picture], ['file', 'b.png', picture])],
    ['one of an unknown kind', 4303, formOf(['file', 'notes.txt', picture])],
    ['one without an ending', 4303, formOf(['file', 'notes', picture])],
    ['one in another field', 4000, formOf(['upload', 'a.png', picture])],
    ['none', 4000, formOf()],
  ])('%s is refused', async (_what, code, form) => {
    const { emulator, api } = await emulate();
    await expect(upload(api, form)).rejects.toMatchObject({ code });
    expect(emulator.files()).toEqual([]);
  });

  test('without a name, as the SDK’s own call sends bytes, is none', async () => {
    const { api } = await emulate();
    const file = Buffer.from(picture) as never;
    await expect(api.files.upload({ file })).rejects.toMatchObject({ code: 4000 });
  });

  test('is refused in a body that is no form', async () => {
    const { url } = await emulate();
    expect((await call(url, '/v1/files/upload', { file: 'x' })).json).toMatchObject({ code: 4000 });
    const headers = { authorization: 'Bearer pat_test', 'content-type': 'multipart/form-data; boundary=x' };
    const broken = await fetch(`${url}/v1/files/upload`, { method: 'POST', headers, body: '--x\r\nbroken' });
    expect(await broken.json()).toMatchObject({ code: 4000 });
  });

  test('that is not there is not shown', async () => {
    const { url } = await emulate();
    expect((await call(url, '/v1/files/retrieve?file_id=73')).json).toMatchObject({ code: 4200 });
    expect((await call(url, '/v1/files/retrieve')).json).toMatchObject({ code: 4000 });
  });
});
