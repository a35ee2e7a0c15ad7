import { Readable } from 'node:stream';
import { ChatEventType, CozeAPI, RoleType } from '@coze/api';
import fastify from 'fastify';

/** What one would write first: each delta of `@coze/api` as a server-sent event, and nothing else. */
const { COZE_API_TOKEN = '', COZE_BASE_URL = '', COZE_BOT_ID = '', SERVER_PORT = '' } = process.env;

const coze = new CozeAPI({ baseURL: COZE_BASE_URL, token: COZE_API_TOKEN });
const app = fastify();

app.post<{ Body: { message: string } }>('/chat/stream', (request, reply) => {
  async function* events() {
    const stream = coze.chat.stream({
      bot_id: COZE_BOT_ID,
      user_id: 'somebody',
      additional_messages: [{ role: RoleType.User, content: request.body.message, content_type: 'text' }],
    });
    for await (const event of stream) {
      if (event.event !== ChatEventType.CONVERSATION_MESSAGE_DELTA) continue;
      const { content } = event.data;
      yield `data: ${JSON.stringify({ type: 'chunk', data: { content } })}\n\n`;
    }
    yield `data: ${JSON.stringify({ type: 'complete', data: {} })}\n\n`;
  }
  return reply.header('content-type', 'text/event-stream').send(Readable.from(events()));
});

await app.listen({ host: '127.0.0.1', port: Number(SERVER_PORT) });
process.stderr.write('"msg":"ready"');
