import { DeliveryLost, RateLimited, TargetGone, Unreachable } from './errors.ts';
import type { MessageRef, Part, ReplyTarget } from './message.ts';
import type { Sender } from './ports/platform.ts';
import type { Posting, Posts } from './ports/store.ts';
import type { Clock } from './ports/world.ts';
import { postsKnownForMs } from './retry.ts';

export interface PosterOptions {
  readonly sender: Sender;
  readonly target: ReplyTarget;
  readonly posts: Posts;
  readonly clock: Clock;
  /** The post that an earlier attempt was going to make. */
  readonly posting?: Posting | undefined;
  /** Right before a post. */
  readonly onPosting?: (posting: Posting) => Promise<void>;
}

/** Posts each part once, also when the reply to a post is lost. */
export interface Poster {
  /** Undefined: this call was spent on a look for an earlier one. Call again, with whatever is wanted by then. */
  post(name: string, to: ReplyTarget, part: Part): Promise<MessageRef | undefined>;
}

/** A post of which nobody knows whether it has landed. */
interface Lost extends Posting {
  /** Where it has not been looked for yet. */
  left?: MessageRef[];
}

/**
 * Where the platform knows a post again by its key, that does all. Elsewhere a post whose fate is unknown is looked for
 * before it is made again: its part is written into each message that it can be. What is not ours cannot be edited, and
 * what is known to be another message of ours is left alone; so what can be edited is the lost one.
 */
export function createPoster({ sender, target, posts, clock, ...options }: PosterOptions): Poster {
  let lost: Lost | undefined = options.posting;

  async function look(sought: Lost, part: Part): Promise<MessageRef | undefined> {
    const known = await posts.find(target);
    sought.left ??= candidates(sought, known);
    const [next] = sought.left;
    if (!next) {
      lost = undefined;
      return undefined;
    }
    if (isAnothers(next, sought, known) || !(await isOurs(next, part))) {
      sought.left.shift();
      return undefined;
    }
    lost = undefined;
    return next;
  }

  function candidates({ name, mark, at }: Lost, known: ReadonlyMap<string, string>): MessageRef[] {
    const own = [...known].find(([, other]) => other === name);
    if (own) return [{ target, id: own[0] }];
    // Of those that have landed since, not all would be known any more.
    if (clock.now() - at > postsKnownForMs / 2) return [];
    return [...(sender.traces?.candidates(target, mark) ?? [])];
  }

  const isAnothers = ({ id }: MessageRef, { name }: Lost, known: ReadonlyMap<string, string>): boolean =>
    (known.get(id) ?? name) !== name;

  /** Writes the part there, if that can be done. */
  async function isOurs(ref: MessageRef, part: Part): Promise<boolean> {
    try {
      await sender.edit(ref, part);
      return true;
    } catch (error) {
      if (saysNothing(error)) throw error;
      return false;
    }
  }

  return {
    async post(name, to, part) {
      const { traces } = sender;
      if (!traces || part.file) return sender.post(to, part, name);
      let ref: MessageRef | undefined;
      if (lost?.name === name) {
        ref = await look(lost, part);
        if (!ref) return undefined;
      } else {
        const posting = { name, mark: traces.mark(target), at: clock.now() };
        await options.onPosting?.(posting);
        try {
          ref = await sender.post(to, part, name);
        } catch (error) {
          if (error instanceof Unreachable && error.landed === 'unknown') lost = posting;
          throw error;
        }
      }
      await posts.keep(ref.target, name, ref.id);
      return ref;
    },
  };
}

/** Of whose message it is. */
const saysNothing = (error: unknown): boolean =>
  [RateLimited, Unreachable, TargetGone, DeliveryLost].some((kind) => error instanceof kind);
