import type { Fields } from './forms/form.ts';
import type { UploadedFile } from './request.ts';
import type { BotState, InteractionState, World } from './world.ts';

/** One call of a bot, as a route sees it. */
export interface Call {
  readonly world: World;
  readonly options: CallOptions;
  readonly bot: BotState;
  /** The interaction whose token is in the path. */
  readonly interaction: InteractionState | undefined;
  /** The parts of the path that vary, by name. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The JSON body, an array for bulk calls. */
  readonly body: unknown;
  readonly files: readonly UploadedFile[];
  /** Of the answer, when it is carried out. */
  status: number;
}

export interface CallOptions {
  /** How long a nonce is remembered. */
  readonly nonceLifeMs: number;
  readonly interactionAnswerMs: number;
  readonly interactionLifeMs: number;
}

/** The body as an object; Discord takes a missing one as empty. */
export function fieldsOf({ body }: Call): Fields {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Fields) : {};
}
