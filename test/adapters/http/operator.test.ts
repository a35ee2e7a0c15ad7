import { describe, expect, test } from 'vitest';
import { homes } from '../../bridge/stand.ts';
import { samplesIn } from '../../support/metrics.ts';
import { executablePath, openPage } from '../../web/browser.ts';
import { serve } from './served.ts';

const key = 'a-key-of-sixteen-letters';
const bearer = { authorization: `Bearer ${key}` };
const anothers = 'somebody-elses-key-here';
const basic = (password: string) => ({
  authorization: `Basic ${Buffer.from(`owner:${password}`).toString('base64')}`,
});

interface Shown {
  readonly queues: readonly {
    readonly jobs: readonly { readonly data: { key: string; conversation: string } }[];
  }[];
}

const queuesIn = async (response: Response) => (await response.json()) as Shown;

describe.each(homes)('for the operator, the HTTP server on $home', ({ home }) => {
  test('has the metrics of its process, for whoever has a key', async () => {
    const bridge = await serve(home, { SERVER_API_KEYS: `${key},${anothers}` });
    expect((await bridge.get('/metrics')).status).toBe(401);
    const response = await bridge.get('/metrics', { authorization: `Bearer ${anothers}` });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch('application/openmetrics-text');
    expect(samplesIn(await response.text())).toMatchObject({
      'coze_bridge_part_ready{part="http"}': 1,
      coze_bridge_waiting_conversations: 0,
    });
  });
});

test('without Redis there is no page of a queue', async () => {
  const bridge = await serve('embedded');
  expect((await bridge.get('/admin/queues')).status).toBe(404);
});

describe.skipIf(homes.length < 2)('the page of the queue', () => {
  const api = '/admin/queues/api/queues?activeQueue=doorbell&status=latest&page=1&jobsPerPage=10';

  test('opens with the owner’s key as password, whatever the name, and asks a browser for it', async () => {
    const bridge = await serve('redis', { SERVER_API_KEYS: key });
    for (const path of ['/admin/queues', '/admin/queues/', api]) {
      for (const headers of [{}, basic('another-key-of-letters'), { authorization: 'Basic %' }]) {
        const refused = await bridge.get(path, headers as Record<string, string>);
        expect([path, refused.status]).toEqual([path, 401]);
        expect(refused.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
        expect(await refused.text()).not.toContain('node_modules');
      }
    }
    for (const headers of [basic(key), bearer]) {
      const page = await bridge.get('/admin/queues', headers);
      expect([page.status, page.headers.get('content-type')]).toEqual([
        200,
        expect.stringMatching('text/html'),
      ]);
      const html = await page.text();
      const [, script = ''] = /src="([^"]+\.js)"/.exec(html) ?? [];
      const asset = await bridge.get(new URL(script, `${bridge.url}/admin/queues/`).pathname, headers);
      expect([script, asset.status]).toEqual([script, 200]);
    }
  });

  test('is closed to whoever has a key that is not the first', async () => {
    const bridge = await serve('redis', { SERVER_API_KEYS: `${key},${anothers}` });
    for (const headers of [basic(anothers), { authorization: `Bearer ${anothers}` }])
      for (const path of ['/admin/queues', api]) {
        const refused = await bridge.get(path, headers);
        expect([path, refused.status]).toEqual([path, 403]);
        expect(await refused.json()).toEqual({
          detail: expect.stringMatching(/owner .* first of SERVER_API_KEYS/),
        });
      }
    expect((await bridge.get(api, bearer)).status).toBe(200);
  });

  test('shows which conversations wait or are answered, by the name that they have in the log', async () => {
    const bridge = await serve('redis');
    bridge.coze.answer({ steps: [{ say: ['One. '] }, { waitMs: 3_000 }, { say: ['Two.'] }] });
    const answered = bridge.post('/chat', { message: 'hello there', session_id: 's1' });
    await expect.poll(() => bridge.questions().length).toBe(1);
    const { queues } = await queuesIn(await bridge.get(api));
    expect(queues).toMatchObject([{ name: 'doorbell', readOnlyMode: true, counts: { active: 1 } }]);
    const data = queues[0]?.jobs[0]?.data ?? { key: '', conversation: 'nobody' };
    expect(data.key).toContain('s1');
    expect((await answered).status).toBe(200);
    await bridge.worker.until(() => bridge.worker.log().includes('"outcome":"answered"'));
    expect(bridge.worker.log()).toContain(`"conversation":"${data.conversation}"`);
    expect(JSON.stringify(queues)).not.toContain('hello there');
  });

  test('changes nothing', async () => {
    const bridge = await serve('redis');
    for (const [method, path] of [
      ['PUT', '/admin/queues/api/queues/doorbell/pause'],
      ['PUT', '/admin/queues/api/queues/doorbell/obliterate'],
      ['PUT', '/admin/queues/api/queues/doorbell/empty'],
      ['PUT', '/admin/queues/api/queues/pause'],
      ['POST', '/admin/queues/api/queues/doorbell/add'],
    ] as const) {
      const response = await fetch(bridge.url + path, { method });
      expect([path, response.status]).toEqual([path, 405]);
    }
    expect((await queuesIn(await bridge.get(api))).queues).toMatchObject([{ isPaused: false }]);
    expect(await (await bridge.post('/chat', { message: 'hello' })).json()).toMatchObject({
      status: 'answered',
    });
  });

  test.skipIf(!executablePath)('works in a browser, and asks nobody else for anything', async () => {
    const bridge = await serve('redis');
    bridge.coze.answer({ steps: [{ say: ['One. '] }, { waitMs: 5_000 }, { say: ['Two.'] }] });
    const answered = bridge.post('/chat', { message: 'hello there', session_id: 's1' });
    await expect.poll(() => bridge.questions().length).toBe(1);
    const { page, errors } = await openPage();
    const asked: string[] = [];
    page.on('requestfinished', (request) => void asked.push(new URL(request.url()).origin));
    await page.goto(`${bridge.url}/admin/queues/queue/doorbell?status=active`);
    await page.getByText('conversation:').first().waitFor();
    expect([...new Set(asked)]).toEqual([bridge.url]);
    expect(errors).toEqual([
      expect.stringMatching(/fonts\.googleapis\.com.* violates .*Content Security Policy/),
    ]);
    expect((await answered).status).toBe(200);
  });

  test('is no part of what programs are told of, and stands beside the other page', async () => {
    const bridge = await serve('redis');
    const { paths } = (await (await bridge.get('/openapi.json')).json()) as { paths: object };
    expect(Object.keys(paths)).toContain('/metrics');
    expect(Object.keys(paths).filter((path) => path.startsWith('/admin'))).toEqual([]);
    expect(await (await bridge.get('/')).json()).toMatchObject({ status: 'running' });
  });
});
