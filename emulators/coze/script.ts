/**
 * What a bot does in one run, as data: `{ steps: [{ say: 'Hello' }] }` is a whole script. The opening
 * (`chat.created`, `in_progress`) and the ending (`message.completed`, `verbose`, follow-ups, `chat.completed`,
 * `done`) come by themselves. All of it but `until` and binary `raw` can be posted as JSON.
 */
export interface Script {
  readonly steps: readonly Step[];
  /** How the run ends at Coze, whether the client still listens or not. Default: completed. */
  readonly end?: End;
  /** Up to three suggestions after the answer. */
  readonly followUps?: readonly string[];
  /** Whether completed answers repeat what was thought, in the stream and in the list; nobody has told. Default: yes. */
  readonly keepsReasoning?: boolean;
  /** Default: counted from the texts. */
  readonly usage?: { readonly input: number; readonly output: number };
  /** Between the end and `done`: audio is seen there. */
  readonly afterwards?: readonly Step[];
  /** Default: `quoted`, and `none` after an `error` event. */
  readonly done?: DoneForm;
  /** For recordings: only `raw`, `event` and `cut` reach the client. What is said is kept at Coze all the same. */
  readonly bare?: boolean;
}

export type Step =
  /** Deltas of an answer: a list is sent as it is, a string is cut by the pace. `as` tells answers apart. */
  | { readonly say: string | readonly string[]; readonly as?: string; readonly everyMs?: number }
  /** The same for `reasoning_content`. */
  | { readonly think: string | readonly string[]; readonly as?: string; readonly everyMs?: number }
  /** Completes an answer now, not at the end; `text`, when given, replaces what the deltas said. */
  | { readonly finish: string; readonly text?: string }
  /** A function call and its response. */
  | { readonly tool: string; readonly arguments: object; readonly output: string }
  /** What the knowledge base gave. */
  | { readonly recall: readonly string[] }
  /** Any other message; it comes as completed only. A card is an answer with the content type `card`. */
  | { readonly message: MessageType; readonly content: string; readonly contentType?: ContentType }
  /** Any event at all. Data is sent as JSON. */
  | { readonly event: string; readonly data?: unknown }
  /** Bytes as they are. */
  | { readonly raw: string | Uint8Array; readonly pieceBytes?: number }
  /** One delta of that many bytes. */
  | { readonly hugeBytes: number }
  | { readonly waitMs: number }
  /** Waits for a promise of this process. */
  | { readonly until: Promise<unknown> }
  /** Ends the client's connection; the run goes on. `midLine` leaves half an event behind. */
  | { readonly cut: Cut; readonly midLine?: boolean };

/** `end`: a clean HTTP end. `destroy`: the socket closes within the reply. `reset`: TCP RST. */
export type Cut = 'end' | 'destroy' | 'reset';

export type End =
  | { readonly status: 'completed' }
  | {
      readonly status: 'failed';
      readonly code: number;
      readonly msg: string;
      /** A chat with `last_error` (default), `{code,msg}` alone, or that with the code as a string. */
      readonly shape?: 'last_error' | 'bare' | 'string-code';
    }
  /** An `error` event; at Coze the chat has failed. */
  | { readonly status: 'error'; readonly data?: { readonly code?: number; readonly msg?: string } }
  /** Local tools to run; without `calls` a question node that waits for the person's next message. */
  | { readonly status: 'requires_action'; readonly calls?: readonly ToolCall[] }
  /** Silence: the run never ends, and the connection is held open. */
  | { readonly status: 'running' };

export interface ToolCall {
  readonly name: string;
  readonly arguments: object;
}

export type DoneForm = 'quoted' | 'bare' | 'empty' | 'debug-url' | 'none';

export type MessageType =
  | 'question'
  | 'answer'
  | 'function_call'
  | 'tool_response'
  | 'tool_output'
  | 'knowledge'
  | 'verbose'
  | 'follow_up';

export type ContentType = 'text' | 'object_string' | 'card' | 'audio';

/** What a brain knows when it decides on a script. */
export interface AskedQuestion {
  readonly text: string;
  /** How many images, files and recordings came with it. */
  readonly attachments: number;
  readonly userId: string;
  readonly conversationId: string;
  readonly chatId: string;
  /** What was said before, oldest first: the conversation's current section and the messages sent along. */
  readonly context: readonly Said[];
  readonly customVariables: Readonly<Record<string, string>>;
  /** Of the chat and of the question's message. */
  readonly metaData: Readonly<Record<string, string>>;
  /** 1 for the first chat of this emulator, or the first that it has not forgotten. */
  readonly count: number;
}

export interface Said {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

export type Brain = (question: AskedQuestion) => Script;

const stepKeys = [
  'say',
  'think',
  'finish',
  'tool',
  'recall',
  'message',
  'event',
  'raw',
  'hugeBytes',
  'waitMs',
  'cut',
];

/** For scripts from outside: every step must be one that is known. */
export function isScript(value: unknown): value is Script {
  if (typeof value !== 'object' || value === null || !('steps' in value) || !Array.isArray(value.steps))
    return false;
  return value.steps.every(
    (step: unknown) => typeof step === 'object' && step !== null && stepKeys.some((key) => key in step),
  );
}
