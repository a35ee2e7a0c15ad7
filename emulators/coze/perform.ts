import { setTimeout as sleep } from 'node:timers/promises';
import { cutIntoPieces } from './pace.ts';
import type { Run } from './run.ts';
import { endRun } from './run-end.ts';
import type { DoneForm, Step } from './script.ts';
import { createTranscript, type Transcript } from './transcript.ts';
import { viewChat } from './views.ts';
import { nobody } from './wire.ts';

/** Plays a script to its end, whether the client stays or not. */
export async function perform(run: Run): Promise<void> {
  const { chat, script, dialect } = run;
  const speaker = script.bare ? { ...run, outlet: nobody } : run;
  const transcript = createTranscript(speaker);
  const performAll = async (steps: readonly Step[]) => {
    for (const step of steps) await performStep(step, run, transcript);
  };

  speaker.outlet.event('conversation.chat.created', viewChat(chat, dialect));
  if (chat.status === 'created') chat.status = 'in_progress';
  speaker.outlet.event('conversation.chat.in_progress', viewChat(chat, dialect));
  await performAll(script.steps);
  if (script.end?.status === 'running') return;
  endRun(speaker, transcript);
  await performAll(script.afterwards ?? []);
  sayDone(speaker);
  run.outlet.cut('end', false);
}

async function performStep(step: Step, run: Run, transcript: Transcript): Promise<void> {
  const { outlet, dialect, signal } = run;
  if ('say' in step) {
    await utter(step.say, step.everyMs, run, (piece) => transcript.delta(step.as ?? '', piece));
  } else if ('think' in step) {
    await utter(step.think, step.everyMs, run, (piece) => transcript.delta(step.as ?? '', '', piece));
  } else if ('finish' in step) {
    transcript.finish(step.finish, step.text);
  } else if ('tool' in step) {
    transcript.add('function_call', dialect.functionCall(step.tool, step.arguments));
    transcript.add('tool_response', step.output);
  } else if ('recall' in step) {
    transcript.recall(step.recall);
  } else if ('message' in step) {
    transcript.add(step.message, step.content, step.contentType);
  } else if ('event' in step) {
    outlet.event(step.event, step.data ?? {});
  } else if ('raw' in step) {
    outlet.raw(step.raw, step.pieceBytes);
  } else if ('hugeBytes' in step) {
    transcript.delta('', 'x'.repeat(step.hugeBytes));
  } else if ('cut' in step) {
    outlet.cut(step.cut, step.midLine ?? false);
  } else if ('until' in step) {
    await untilOrAborted(step.until, signal);
  } else {
    await sleep(step.waitMs, undefined, { signal });
  }
}

async function utter(
  text: string | readonly string[],
  everyMs: number | undefined,
  { pace, signal }: Run,
  say: (piece: string) => void,
): Promise<void> {
  const waitMs = everyMs ?? pace.everyMs;
  for (const piece of typeof text === 'string' ? cutIntoPieces(text, pace) : text) {
    if (waitMs > 0) await sleep(waitMs, undefined, { signal });
    say(piece);
  }
}

async function untilOrAborted(promise: Promise<unknown>, signal: AbortSignal): Promise<void> {
  let leave = () => {};
  const aborted = new Promise<never>((_, reject) => {
    leave = () => reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
  });
  await Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', leave));
}

const doneData: Record<Exclude<DoneForm, 'none'>, string> = {
  quoted: '"[DONE]"',
  bare: '[DONE]',
  empty: '',
  'debug-url': '{"debug_url":"https://www.coze.cn/work_flow?execute_id=7300000000000000002"}',
};

function sayDone({ script, outlet, dialect }: Run): void {
  const form = script.done ?? (script.end?.status === 'error' ? 'none' : 'quoted');
  if (dialect.doneEvent !== 'done') outlet.line(dialect.doneEvent, '');
  else if (form !== 'none') outlet.line('done', doneData[form]);
}
