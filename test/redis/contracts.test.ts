import { afterAll, beforeAll, describe } from 'vitest';
import { budgetContract } from '../contracts/budget.ts';
import { conversationStoreContract } from '../contracts/conversation-store.ts';
import { feedContract } from '../contracts/feed.ts';
import { interruptsContract } from '../contracts/interrupts.ts';
import { leasesContract } from '../contracts/leases.ts';
import { mailboxContract } from '../contracts/mailbox.ts';
import { notesContract } from '../contracts/notes.ts';
import { postsContract } from '../contracts/posts.ts';
import { saltContract } from '../contracts/salt.ts';
import { sessionsContract } from '../contracts/sessions.ts';
import { suggestionsContract } from '../contracts/suggestions.ts';
import { type RedisServer, redisServer, startRedisServer } from './server.ts';
import { createRedisStore } from './store.ts';

describe.skipIf(!redisServer.available)('on a real Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedisServer();
  });
  afterAll(() => server?.remove());
  const createStore = async () => createRedisStore(server.url);

  mailboxContract('Redis', createStore);
  budgetContract('Redis', createStore);
  conversationStoreContract('Redis', createStore);
  interruptsContract('Redis', createStore);
  leasesContract('Redis', createStore);
  notesContract('Redis', createStore);
  postsContract('Redis', createStore);
  saltContract('Redis', createStore);
  suggestionsContract('Redis', createStore);
  feedContract('Redis', createStore);
  sessionsContract('Redis', createStore);
});
