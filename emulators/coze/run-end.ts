import type { Run } from './run.ts';
import type { End, ToolCall } from './script.ts';
import { free, settle } from './state.ts';
import type { Transcript } from './transcript.ts';
import { viewChat } from './views.ts';

/** Ends a run at Coze first, then in the stream: whoever reads the end finds the conversation free. */
export function endRun(run: Run, transcript: Transcript): void {
  const end = run.script.end ?? { status: 'completed' };
  if (end.status === 'completed') complete(run, transcript);
  else if (end.status === 'requires_action') requireAction(run, transcript, end.calls);
  else if (end.status !== 'running') fail(run, end);
}

function complete(run: Run, transcript: Transcript): void {
  const { chat, script, dialect } = run;
  transcript.finishAll();
  transcript.verbose('generate_answer_finish', JSON.stringify({ finish_reason: 0, [dialect.finishKey]: '' }));
  for (const suggestion of script.followUps ?? []) transcript.add('follow_up', suggestion);
  chat.usage = script.usage ?? { input: tokens(run.read), output: tokens(transcript.written()) };
  settle(chat, 'completed');
  // The hosted stream does not know that its chat was cancelled: it flows to its usual end.
  tellEnd(run, chat.status === 'canceled' && dialect.tellsCancel ? dialect.canceled : 'completed');
}

const tokens = (characters: number) => Math.ceil(characters / 2);

const internalError = { code: 5000, msg: 'Internal server error' };

function fail(run: Run, end: Extract<End, { status: 'failed' | 'error' }>): void {
  const { chat, outlet, dialect } = run;
  const error = end.status === 'failed' ? { code: end.code, msg: end.msg } : (end.data ?? internalError);
  chat.lastError = { ...internalError, ...error };
  settle(chat, 'failed');
  if (end.status === 'error' || dialect.failsAsError) outlet.event('error', error);
  else if (end.shape === 'bare') outlet.event('conversation.chat.failed', error);
  else if (end.shape === 'string-code')
    outlet.event('conversation.chat.failed', { ...error, code: String(end.code) });
  else tellEnd(run, 'failed');
  // Coze Studio reports the error, and then a completed chat all the same.
  if (dialect.failsAsError) tellEnd(run, 'completed');
}

function tellEnd({ chat, outlet, dialect }: Run, status: string): void {
  const view = viewChat(chat, dialect);
  if (!dialect.usageInCompleted) delete view.usage;
  outlet.event(`conversation.chat.${status}`, { ...view, status });
}

function requireAction(run: Run, transcript: Transcript, calls: readonly ToolCall[] | undefined): void {
  const { chat, outlet, dialect, state } = run;
  for (const call of calls ?? [])
    transcript.add('function_call', dialect.functionCall(call.name, call.arguments));
  transcript.finishAll();
  if (!calls) transcript.verbose('interrupt', '');
  const newCallId = () => Buffer.from(state.newId()).toString('base64');
  const toolCalls = calls?.map(({ name, arguments: args }) => ({
    id: newCallId(),
    type: 'function',
    function: { name, arguments: JSON.stringify(args) },
  })) ?? [{ id: newCallId(), type: 'reply_message', function: null }];
  chat.requiredAction = { type: 'submit_tool_outputs', submit_tool_outputs: { tool_calls: toolCalls } };
  if (chat.status !== 'canceled') chat.status = 'requires_action';
  // A question to the person is answered by the next chat; local tools keep the conversation until they are done.
  if (!calls) free(chat);
  outlet.event('conversation.chat.requires_action', viewChat(chat, dialect));
}
