import { DeliveryLost, RateLimited, TargetGone, Unreachable } from './errors.ts';
import { postsKnownForMs } from './lifetimes.ts';
import type { InboundMessage, MessageRef, Part, ReplyTarget } from './message.ts';
import type { Sender, Traces } from './ports/platform.ts';
import type { Posts } from './ports/posts.ts';
import type { Posting } from './ports/store.ts';
import type { Clock } from './ports/world.ts';

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

/**
 * Each look is a call, and what is nowhere must be posted some time. Where a process died, several posts of it may have
 * been on their way, and less is known of where they are.
 */
const mostLooks = { ownPost: 8, inherited: 16 };

/**
 * Where the platform knows a post again by its key, that does all. Elsewhere a post whose fate is unknown is looked for
 * before it is made again: its part is written into each message that it can be. What is not ours cannot be edited, and
 * what is known to be another message of ours is left alone; so what can be edited is the lost one.
 */
export function createPoster({ sender, target, posts, clock, ...options }: PosterOptions): Poster {
  /** A post of which nobody knows whether it has landed. */
  let lost: Posting | undefined = options.posting;
  const counterOf = (traces: Traces) => counterIn(traces, target);

  async function look(sought: Posting, part: Part, traces: Traces): Promise<MessageRef | undefined> {
    const { name, tried = [] } = sought;
    const most = options.posting?.name === name ? mostLooks.inherited : mostLooks.ownPost;
    const next = tried.length < most ? await nextCandidate(sought, traces) : undefined;
    if (!next) {
      lost = undefined;
      return undefined;
    }
    if (await posts.claim(target, name, next.id)) {
      if (await isOurs(next, part)) {
        lost = undefined;
        return next;
      }
      await posts.release(target, name, next.id);
    }
    lost = { ...sought, tried: [...tried, next.id] };
    // Whoever comes next goes on from here: a process may not live for as long as all looks take.
    await options.onPosting?.(lost);
    return undefined;
  }

  async function nextCandidate(
    { name, mark, at, tried = [] }: Posting,
    traces: Traces,
  ): Promise<MessageRef | undefined> {
    const counter = counterOf(traces);
    const id = await posts.idOf(counter, name);
    // One that is known by its name, and is no longer there, is nowhere else.
    if (id !== undefined) return tried.includes(id) ? undefined : { target, id };
    // Of those that have landed since, not all would be known any more.
    if (clock.now() - at > postsKnownForMs / 2) return undefined;
    const candidates = traces.candidates(target, mark, await posts.newest(counter));
    const left = candidates.filter((ref) => !tried.includes(ref.id));
    const ids = left.map((ref) => ref.id);
    const known = await posts.known(counter, target, ids);
    // An id that another channel has is nobody's here, unless this platform counts in each channel alone.
    return left.find(({ id }) => !known.has(id)) ?? left.find(({ id }) => known.get(id) === 'elsewhere');
  }

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
        ref = await look(lost, part, traces);
        if (!ref) return undefined;
      } else {
        const newest = await posts.newest(counterOf(traces)).catch(() => undefined);
        const posting = { name, mark: traces.mark(target, newest), at: clock.now() };
        await options.onPosting?.(posting);
        try {
          ref = await sender.post(to, part, name);
        } catch (error) {
          if (error instanceof Unreachable && error.landed === 'unknown') lost = posting;
          throw error;
        }
      }
      // Should the store not know of it, this turn does all the same.
      const isKept = await posts.keep(counterOf(traces), target, name, ref.id).catch(() => true);
      return isKept ? ref : undefined;
    },
  };
}

/** The question lies among the ids in which a lost post is looked for. No harm is done if that is not known. */
export function hearQuestion({ target }: InboundMessage, { traces }: Sender, posts: Posts): void {
  if (!traces || target.after === undefined) return;
  posts.heard(counterIn(traces, target), target, target.after).catch(() => undefined);
}

const counterIn = (traces: Traces, target: ReplyTarget) => ({ ...target, channel: traces.counter(target) });

/** Of whose message it is. */
const saysNothing = (error: unknown): boolean =>
  [RateLimited, Unreachable, TargetGone, DeliveryLost].some((kind) => error instanceof kind);
