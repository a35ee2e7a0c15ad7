import { describe, expect, test } from 'vitest';
import { homes } from '../../bridge/stand.ts';
import { eventsIn } from '../../support/events-in.ts';
import { addressIn, allIn, serve } from './served.ts';

const http = { TELEGRAM_BOT_TOKEN: '', TELEGRAM_API_ROOT: '', SERVER_PORT: '0' };

describe.skipIf(homes.length < 2)('on one Redis', () => {
  test('a stream goes on after Last-Event-ID at a second gateway, while its answer grows and when it is whole', async () => {
    const first = await serve('redis');
    first.coze.answer({ steps: [{ say: ['It begins. '] }, { waitMs: 4_000 }, { say: ['It ends.'] }] });
    const gateway = await first.launch({ ...http, ROLE: 'gateway' });
    const second = addressIn(gateway.log());
    expect(second).not.toBe(first.url);

    const response = await first.post('/chat/stream', { message: 'hello' });
    const message = response.headers.get('x-message-id');
    const { value: begin = expect.fail('nothing came') } = await eventsIn(response).next();
    expect(begin).toMatchObject({ type: 'chunk', data: { content: 'It begins. ' } });
    expect(await first.gateway.stop('SIGKILL')).toBeNull();

    const resume = () =>
      fetch(`${second}/chat/stream/${message}`, { headers: { 'last-event-id': begin.id } });
    const rest = await allIn(await resume());
    const chunks = rest.filter(({ type }) => type === 'chunk');
    expect(chunks.map(({ data }) => data.content).join('')).toBe('It ends.');
    expect(chunks[0]?.data.chunk_index).toBe(1);
    expect(rest.at(-1)).toMatchObject({ type: 'complete', data: { full_content: 'It begins. It ends.' } });
    expect(await allIn(await resume())).toEqual(rest);
    expect(first.questions()).toHaveLength(1);
  });
});
