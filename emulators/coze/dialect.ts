import type { Refusal } from './refusal.ts';

/** Where the hosted service and the open-source Coze Studio differ on the wire. */
export interface Dialect {
  readonly doneEvent: string;
  /** How a stopped chat is spelled. */
  readonly canceled: string;
  readonly streamByDefault: boolean;
  /** Whether a second chat in a conversation is refused while one runs (4016). */
  readonly oneChatAtATime: boolean;
  readonly usageInCompleted: boolean;
  /** A failed run shows as an `error` event, and `chat.completed` follows all the same. */
  readonly failsAsError: boolean;
  /** Whether a cancelled run says so in its stream, and ends there. */
  readonly tellsCancel: boolean;
  readonly recallType: 'verbose' | 'knowledge';
  readonly finishKey: string;
  readonly bearer: RegExp;
  readonly streamHeaders: Readonly<Record<string, string>>;
  /** The content of a `function_call` message. */
  functionCall(name: string, args: object): string;
  /** Status and code of a refusal. */
  refuse(refusal: Refusal): { readonly status: number; readonly code: number };
}

const hosted: Dialect = {
  doneEvent: 'done',
  canceled: 'canceled',
  streamByDefault: false,
  oneChatAtATime: true,
  usageInCompleted: true,
  failsAsError: false,
  tellsCancel: false,
  recallType: 'verbose',
  finishKey: 'FinData',
  bearer: /^bearer\s+(\S+)\s*$/i,
  streamHeaders: {},
  functionCall: (name, args) =>
    // The ids are bare numbers here, beyond what a double holds: JSON.parse spoils them.
    `{"name":${JSON.stringify(name)},"arguments":${JSON.stringify(args)},"plugin_id":7379227414322217010,` +
    `"plugin_name":${JSON.stringify(name)},"api_id":7379227414322233394,"api_name":${JSON.stringify(name)},` +
    '"plugin_type":1,"thought":""}',
  refuse: ({ status, code }) => ({ status, code }),
};

const studio: Dialect = {
  doneEvent: 'conversation.stream.done',
  canceled: 'cancelled',
  streamByDefault: true,
  oneChatAtATime: false,
  usageInCompleted: false,
  failsAsError: true,
  tellsCancel: true,
  recallType: 'knowledge',
  finishKey: 'fin_data',
  bearer: /^Bearer (\S+)$/,
  streamHeaders: { 'x-accel-buffering': 'no' },
  functionCall: (name, args) =>
    JSON.stringify({
      index: 0,
      id: `call_${name}`,
      type: 'function',
      function: { name, arguments: JSON.stringify(args) },
    }),
  refuse: ({ status, code }) => (isBadRequest(code) ? { status: 400, code: 400 } : { status, code }),
};

export const dialects = { hosted, studio };

const isBadRequest = (code: number) => code === 4000 || (code >= 4003 && code <= 4007);
