import type { Answer, ChatRef, CozeBackend, CozeEvent, Question } from '../../src/core/ports/coze.ts';

type Step = CozeEvent | Error | 'hang';

export interface FakeCoze extends CozeBackend {
  readonly asked: readonly Question[];
  readonly cancelled: readonly ChatRef[];
  readonly cleared: readonly string[];
  readonly recovered: readonly ChatRef[];
  /** What the next question brings; without it, an echo. */
  next(...steps: Step[]): void;
  /** What the next recovery brings. */
  nextRecovery(answer: Answer | Error): void;
  /** The chat that the next search for a question finds. */
  nextFound(chat: ChatRef | Error): void;
  readonly searched: readonly { readonly conversationId: string; readonly turnId: string }[];
  /** What the next opening of a conversation brings. */
  nextOpening(error: Error): void;
  opened: number;
}

/** Coze in memory: conversations are numbers that count up, chats too. */
export function createFakeCoze(): FakeCoze {
  const scripts: Step[][] = [];
  const recoveries: (Answer | Error)[] = [];
  const openings: Error[] = [];
  const finds: (ChatRef | Error)[] = [];
  const searched: FakeCoze['searched'][number][] = [];
  const asked: Question[] = [];
  const cancelled: ChatRef[] = [];
  const cleared: string[] = [];
  const recovered: ChatRef[] = [];

  async function* ask(question: Question, signal: AbortSignal): AsyncGenerator<CozeEvent> {
    asked.push(question);
    for (const step of scripts.shift() ?? echo(question, asked.length)) {
      signal.throwIfAborted();
      if (step === 'hang') await aborted(signal);
      else if (step instanceof Error) throw step;
      else yield step;
    }
  }

  const coze: FakeCoze = {
    asked,
    cancelled,
    cleared,
    recovered,
    searched,
    opened: 0,
    next: (...steps) => void scripts.push(steps),
    nextRecovery: (answer) => void recoveries.push(answer),
    nextFound: (chat) => void finds.push(chat),
    nextOpening: (error) => void openings.push(error),
    async openConversation() {
      const error = openings.shift();
      if (error) throw error;
      coze.opened += 1;
      return String(coze.opened);
    },
    ask,
    async findQuestion(conversationId, turnId) {
      searched.push({ conversationId, turnId });
      const found = finds.shift();
      if (found instanceof Error) throw found;
      return found;
    },
    async recover(chat, signal) {
      recovered.push(chat);
      const answer = recoveries.shift();
      if (answer instanceof Error) throw answer;
      return answer ?? aborted(signal);
    },
    async cancel(chat) {
      cancelled.push(chat);
    },
    async clear(conversationId) {
      cleared.push(conversationId);
    },
  };
  return coze;
}

export function created(chatId: string, conversationId = '1'): CozeEvent {
  return { type: 'created', chat: { conversationId, chatId } };
}

export const text = (soFar: string): CozeEvent => ({ type: 'text', text: soFar });

export function done(whole: string): CozeEvent {
  return { type: 'done', answer: { text: whole, usage: { total: 3, input: 1, output: 2 } } };
}

function echo({ conversationId, text: said }: Question, count: number): Step[] {
  return [created(`chat${count}`, conversationId), text(`You said ${said}`), done(`You said ${said}.`)];
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
