import { createBudget } from '../../src/core/budget.ts';
import { CozeFailed, type CozeFailure } from '../../src/core/errors.ts';
import { createGate } from '../../src/core/gate.ts';
import type { MessageRef } from '../../src/core/message.ts';
import { createRunningTurns } from '../../src/core/running.ts';
import { runTurn, type TurnTools } from '../../src/core/turn.ts';
import { createFakeClock } from './fake-clock.ts';
import { createFakeCoze } from './fake-coze.ts';
import { createFakePlatform, inbound } from './fake-platform.ts';
import {
  createDelivery,
  createFakeConversations,
  createFakePosts,
  createFakeSuggestions,
} from './fake-store.ts';

/** A turn with everything it needs, all in memory. */
export function createTurnRig(options?: Parameters<typeof createFakePlatform>[1]) {
  const clock = createFakeClock();
  const platform = createFakePlatform(clock, options);
  const budget = createBudget({ clock });
  const suggestions = createFakeSuggestions();
  const posts = createFakePosts();
  const coze = createFakeCoze();
  const gate = createGate({ clock, log: { warn: () => {} } });
  const conversations = createFakeConversations();
  const running = createRunningTurns();
  const names = {
    userIdOf: (where: string, person: string) => `user of ${where} ${person}`,
    turnIdOf: (id: string) => `turn of ${id}`,
  };

  /** Runs a turn to its end, however long that takes by the clock. */
  async function turn(
    delivery = createDelivery(inbound('hi')),
    sender = platform.sender,
    more: Partial<TurnTools> = {},
    posted?: readonly MessageRef[],
  ) {
    const ended = runTurn(
      delivery,
      sender,
      {
        coze,
        gate,
        conversations,
        running,
        clock,
        budget,
        suggestions,
        posts,
        showReasoning: false,
        longAnswerMessages: 15,
        ...names,
        ...more,
      },
      posted,
    );
    return drive(ended);
  }

  /** Moves the clock until the promise is settled. */
  async function drive<T>(ended: Promise<T>): Promise<T> {
    let over = false;
    const end = () => {
      over = true;
    };
    ended.then(end, end);
    for (let second = 0; second < 100 && !over; second++) await clock.advance(1_000);
    return ended;
  }

  return { clock, platform, budget, suggestions, posts, coze, gate, conversations, running, turn, drive };
}

export function failure(kind: CozeFailure, more: { retryable?: boolean; code?: number } = {}): CozeFailed {
  return new CozeFailed({ kind, retryable: false, ...more });
}
