import type { Part, ReplyTarget } from '../../src/core/message.ts';
import { placeOf } from '../../src/core/ports/budget.ts';
import type { Tools } from '../platform.ts';
import type { Call } from './call.ts';
import { componentsOf } from './components.ts';
import { filesOf } from './file.ts';
import { paceOf } from './pace.ts';

/** Where a part is written: the address of a new message, or of one that is there. */
interface Spot {
  readonly target: ReplyTarget;
  readonly path: `/${string}`;
}

/** Writes a message, as `Call` does. */
export type Write = (method: 'POST' | 'PATCH', spot: Spot, part: Part, more?: object) => Promise<unknown>;

/**
 * The replies to new messages and to edits tell what is left in a channel; the two count together here, with whichever
 * has less. Typing and deletes are counted apart by Discord, and teach nothing.
 */
export function createWrite(call: Call, { budget, log }: Pick<Tools, 'budget' | 'log'>): Write {
  return async (method, { target, path }, part, more) => {
    const place = placeOf(target, paceOf(target));
    const files = filesOf(part);
    return call(
      method,
      path,
      { ...contentOf(method, part), ...more },
      {
        ...(files.length > 0 && { files }),
        onLimit(limit) {
          Promise.resolve(limit)
            .then((told) => budget.learn(place, told))
            .catch(({ name }: Error) => log.debug({ name }, 'a limit that Discord has told is not noted'));
        },
      },
    );
  };
}

function contentOf(method: 'POST' | 'PATCH', part: Part) {
  const components = componentsOf(part);
  return {
    content: part.text,
    // An edit without it would ping whom its text names.
    allowed_mentions: { parse: [] },
    // An edit without it would keep the buttons that are there.
    ...((method === 'PATCH' || components.length > 0) && { components }),
  };
}
