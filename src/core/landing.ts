import type { createAnswerSource } from './answer-source.ts';
import { askButton } from './buttons.ts';
import type { Ending } from './ending.ts';
import { Postponed, Unreachable } from './errors.ts';
import type { LiveReply } from './live-reply.ts';
import type { Button, InboundMessage, Part } from './message.ts';
import type { Notebook } from './notebook.ts';
import { type Notice, notice } from './notices.ts';
import type { Sender } from './ports/platform.ts';
import type { Suggestions } from './ports/store.ts';
import type { RunningTurn } from './running.ts';
import { type SayOptions, sayBelow } from './saying.ts';

interface LandOptions extends SayOptions {
  readonly live: LiveReply;
  /** Ends the live reply. */
  readonly over: AbortController;
  readonly turn: RunningTurn;
  /** The name that the turn has on its buttons. */
  readonly turnId: string;
  readonly notebook: Notebook;
  readonly suggestions: Suggestions;
  readonly sourceOf: ReturnType<typeof createAnswerSource>;
}

/**
 * Brings on the screen all there is of the answer, and in words what there is not. A long answer takes its time to land:
 * stopped meanwhile, it ends where it is. Says how the turn ended in the end.
 */
export async function land(ending: Ending, options: LandOptions): Promise<Ending['outcome']> {
  const { live, turn, notebook, sender, delivery, sourceOf } = options;
  const answer = isVisible(ending.text, sender) ? textFor(sender, ending.text) : '';
  const remarks = sender.tellsEnding ? [] : remarksOn(ending, answer === '', delivery.message);
  if (answer === '' && !ending.reasoning && notebook.record.posted.length > 0) {
    // What an earlier attempt has shown stays, though this one does not know what it was.
    if (remarks.length > 0) await sayBelow(remarks.join('\n\n'), options, notebook.record.posted);
    return ending.outcome;
  }
  const source = sourceOf({ text: answer, reasoning: ending.reasoning }, remarks);
  const buttons = sender.tellsEnding ? [] : await suggest(ending, options);
  const overflow = overflowOf(ending, answer, remarks, delivery.message);
  const landed = live.finish(source, { buttons, overflow }).then(
    () => ending.outcome,
    async (error: unknown) => {
      if (error instanceof Postponed || error instanceof Unreachable)
        await notebook.pending(ending, turn.generation, live.refs);
      throw error;
    },
  );
  return turn.stop.aborted ? landed : unlessStopped(landed, options);
}

/** A program is told what Coze said: white space at its ends may be the indentation of its code. */
const textFor = ({ tellsEnding }: Sender, text: string): string => (tellsEnding ? text : text.trim());

/** What stands for the rest of an answer that has too many messages. */
function overflowOf(
  { outcome }: Ending,
  answer: string,
  remarks: readonly string[],
  { author }: InboundMessage,
): Part {
  if (outcome === 'stopped') return { text: remarks.join('\n\n') };
  const text = [notice('file-follows', author.locale), ...remarks].join('\n\n');
  return { text, file: { name: 'answer.md', text: answer } };
}

/** Only the platform knows what can be seen there. Of most texts the beginning tells, and the whole takes long. */
function isVisible(text: string, { render }: Sender): boolean {
  return [text.slice(0, 500), text].some((beginning) => render(beginning).parts.length > 0);
}

async function unlessStopped(
  landed: Promise<Ending['outcome']>,
  { live, over, turn, ...options }: LandOptions,
): Promise<Ending['outcome']> {
  const stop = () => over.abort();
  turn.stop.addEventListener('abort', stop);
  try {
    return await landed;
  } catch (error) {
    if (!turn.stop.aborted || options.delivery.lost.aborted) throw error;
    await live.ended();
    if (!options.sender.tellsEnding)
      await sayBelow(notice('stopped', options.delivery.message.author.locale), options, live.refs);
    return 'stopped';
  } finally {
    turn.stop.removeEventListener('abort', stop);
  }
}

/** What Coze suggests to ask next. It is no loss to an answer if it cannot be kept. */
async function suggest(ending: Ending, { suggestions, turnId }: LandOptions): Promise<readonly Button[]> {
  if (ending.outcome !== 'answered' || !ending.followUps) return [];
  try {
    await suggestions.keep(turnId, ending.followUps);
    return ending.followUps.map((question, nth) => askButton(turnId, nth, question));
  } catch {
    return [];
  }
}

function remarksOn(ending: Ending, isEmpty: boolean, { author, attachments }: InboundMessage): string[] {
  const say = (what: Notice) => notice(what, author.locale);
  switch (ending.outcome) {
    case 'answered':
      return [
        ...(isEmpty ? [say('empty')] : []),
        ...(attachments.length > 0 ? [say('attachment-ignored')] : []),
      ];
    case 'stopped':
      return [say('stopped')];
    case 'failed':
      return [say(ending.facts.kind)];
  }
}
