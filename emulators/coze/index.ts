import { setMaxListeners } from 'node:events';
import { createServer } from 'node:http';
import { type Bots, me, retrieveBot } from './bots.ts';
import { defaultBrain } from './brain.ts';
import { createChatRoutes } from './chats.ts';
import type { Controls } from './control.ts';
import { createConversationRoutes } from './conversations.ts';
import { dialects } from './dialect.ts';
import { createFaults } from './fault.ts';
import { createFileRoutes, type KeptFile } from './files.ts';
import { forget } from './forget.ts';
import {
  type ChatSnapshot,
  type ConversationSnapshot,
  inspectChats,
  inspectConversations,
} from './inspect.ts';
import { createOAuth, type OAuthOptions } from './oauth.ts';
import { defaultPace, type Pace } from './pace.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';
import type { OpenRecord } from './requests.ts';
import { type BadTokenForm, createRouter, type RouterOptions } from './routes.ts';
import type { Brain, Script } from './script.ts';
import { createListener } from './server.ts';
import { createState } from './state.ts';
import type { WireOptions } from './wire.ts';
import { listBots, listWorkspaces } from './workspaces.ts';

export interface CozeEmulatorOptions {
  /** Default: any free one. */
  readonly port?: number;
  readonly host?: string;
  /** Default: every token is taken, unless there are OAuth apps. Each token is an account of its own. */
  readonly tokens?: readonly string[];
  readonly badToken?: BadTokenForm;
  /** Default: every id of digits is a published bot. */
  readonly bots?: Bots;
  readonly profile?: 'hosted' | 'studio';
  readonly wire?: WireOptions;
  /** How texts stream where a script does not say it. */
  readonly pace?: Partial<Pace>;
  readonly rateLimit?: RateLimit;
  /** Whoever has a key of one of these apps gets tokens. */
  readonly oauth?: OAuthOptions;
  /** The clock of the rate limit and of the tokens that were given out, in milliseconds. */
  readonly now?: () => number;
}

export interface CozeEmulator extends Omit<Controls, 'answer'> {
  readonly url: string;
  /** What the next and all further chats do, until changed. Without it a friendly default answers. */
  answer(script: Script | Brain): void;
  /** From now on nobody is let in with the tokens that OAuth has given out. */
  revokeTokens(): void;
  /** Forgets requests that are older than that, and chats that ended before it. */
  forget(olderThanMs: number): void;
  /** Every chat, oldest first. */
  chats(): ChatSnapshot[];
  conversations(): ConversationSnapshot[];
  /** What was uploaded, oldest first. */
  files(): KeptFile[];
  /** Drops all connections and ends all runs. */
  close(): Promise<void>;
}

/** Coze's Open API on this machine: it speaks like the real service and refuses what that refuses. */
export async function startCozeEmulator(options: CozeEmulatorOptions = {}): Promise<CozeEmulator> {
  const dialect = dialects[options.profile ?? 'hosted'];
  const state = createState();
  const faults = createFaults();
  const requests: OpenRecord[] = [];
  const oauth = options.oauth && createOAuth(options.oauth, options.now);
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  const file = createFileRoutes(state.newId);
  let think: Brain = defaultBrain;

  const controls = {
    requests,
    answer(script: Script | Brain): void {
      think = typeof script === 'function' ? script : () => script;
    },
    fault: (fault: Parameters<typeof faults.add>[0], times = 1) => faults.add(fault, times),
    reset(): void {
      think = defaultBrain;
      faults.clear();
      requests.length = 0;
      state.chats.clear();
      state.conversations.clear();
      file.kept.clear();
    },
  };
  const chat = createChatRoutes({
    state,
    dialect,
    bots: options.bots,
    pace: { ...defaultPace, ...options.pace },
    signal: closing.signal,
    limitRate: createRateLimit(options.rateLimit ?? {}, options.now ?? Date.now),
    think: (question) => think(question),
  });
  const conversation = createConversationRoutes(state, options.bots);
  const route = createRouter({
    dialect,
    tokens: options.tokens,
    oauth,
    badToken: options.badToken ?? (options.profile === 'studio' ? '700012006' : '401'),
    routes: routesTo({ chat, conversation, file }, options.bots),
  });

  const server = createServer(
    createListener({ route, dialect, faults, controls, wire: options.wire ?? {}, signal: closing.signal }),
  );
  const port = await listen(server, options.port ?? 0, options.host ?? '127.0.0.1');
  return {
    ...controls,
    url: `http://${options.host ?? '127.0.0.1'}:${port}`,
    forget: (olderThanMs) => forget(state, requests, olderThanMs),
    revokeTokens: () => oauth?.revoke(),
    chats: () => inspectChats(state),
    conversations: () => inspectConversations(state),
    files: () => [...file.kept.values()],
    close() {
      closing.abort();
      return end(server);
    },
  };
}

interface Desks {
  readonly chat: ReturnType<typeof createChatRoutes>;
  readonly conversation: ReturnType<typeof createConversationRoutes>;
  readonly file: ReturnType<typeof createFileRoutes>;
}

function routesTo({ chat, conversation, file }: Desks, bots: Bots | undefined): RouterOptions['routes'] {
  return [
    ['POST', '/v3/chat', chat.ask],
    ['GET POST', '/v3/chat/retrieve', chat.retrieve],
    ['GET POST', '/v3/chat/message/list', chat.listMessages],
    ['POST', '/v3/chat/cancel', chat.cancel],
    ['POST', '/v1/conversation/create', conversation.create],
    ['GET', '/v1/conversation/retrieve', conversation.retrieve],
    ['POST', '/v1/conversations/:id/clear', conversation.clear],
    ['POST', '/v1/conversation/message/list', conversation.listMessages],
    ['GET', '/v1/bots', listBots(bots)],
    ['GET', '/v1/bots/:id', retrieveBot(bots)],
    ['GET', '/v1/workspaces', listWorkspaces(bots)],
    ['POST', '/v1/files/upload', file.upload],
    ['GET', '/v1/files/retrieve', file.retrieve],
    ['GET', '/v1/users/me', me],
  ];
}

async function end(server: ReturnType<typeof createServer>): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

function listen(server: ReturnType<typeof createServer>, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}
