import { type EnterMessage, parseMessages } from './enter-message.ts';
import { type Fields, isFields, metaData, optional, required, type StringMap, stringMap } from './fields.ts';
import { badBody, badParameter, Refusal } from './refusal.ts';

export interface ChatRequest {
  readonly botId: string;
  readonly userId: string;
  readonly messages: readonly EnterMessage[];
  readonly stream: boolean;
  readonly saved: boolean;
  readonly customVariables: StringMap;
  readonly metaData: StringMap;
}

/** The body of `POST /v3/chat`, by the documented rules; throws what Coze refuses. */
export function parseChatRequest(body: unknown, streamByDefault: boolean): ChatRequest {
  if (!isFields(body)) throw badBody();
  const saved = optional(body, 'auto_save_history', 'boolean') ?? true;
  const request = {
    botId: required(body, 'bot_id'),
    userId: required(body, 'user_id'),
    stream: optional(body, 'stream', 'boolean') ?? streamByDefault,
    saved,
    messages: parseMessages(body, 'additional_messages', saved),
    customVariables: customVariables(body),
    metaData: metaData(body),
  };
  checkTheRest(body);
  if (!request.stream && !saved) throw new Refusal(4007, 'stream=false needs auto_save_history=true');
  if (request.messages.length > 0 && request.messages.at(-1)?.role !== 'user')
    throw new Refusal(4005, 'the last of additional_messages must be the question of the user');
  return request;
}

function customVariables(body: Fields): StringMap {
  const variables = stringMap(body, 'custom_variables');
  for (const name of Object.keys(variables))
    if (!/^[A-Za-z_]+$/.test(name)) throw badParameter(`custom_variables: ${name} is not a name`);
  return variables;
}

function checkTheRest(body: Fields): void {
  stringMap(body, 'extra_params');
  if (body.parameters !== undefined && !isFields(body.parameters)) throw badBody();
  optional(body, 'enable_card', 'boolean');
  const status = optional(body, 'publish_status', 'string') ?? 'published_online';
  if (status !== 'published_online' && status !== 'unpublished_draft')
    throw badParameter('unknown publish_status');
  if (status === 'unpublished_draft' && optional(body, 'bot_version', 'string'))
    throw badParameter('a draft has no bot_version');
}
