import { beforeEach, describe, expect, test } from 'vitest';
import { controlKey } from '../src/core/addressing.ts';
import { CozeFailed, TargetGone } from '../src/core/errors.ts';
import type { MailHandler, TurnRecord } from '../src/core/ports/store.ts';
import type { Log } from '../src/core/ports/world.ts';
import type { AttemptEnd } from '../src/core/turn-report.ts';
import { createWorker } from '../src/worker.ts';
import { inbound } from './support/fake-platform.ts';
import { createDelivery } from './support/fake-store.ts';
import { createTurnRig, failure } from './support/turn-rig.ts';

let rig = createTurnRig();
let lines: object[] = [];
let levels: string[] = [];
let ended: (string | undefined)[] = [];
let watched: AttemptEnd[] = [];
let worker: MailHandler;

beforeEach(() => {
  rig = createTurnRig();
  lines = [];
  ended = [];
  watched = [];
  levels = [];
  const noteAt = (level: string) => (fields: object) => {
    lines.push(fields);
    levels.push(level);
  };
  const log: Log = {
    debug: noteAt('debug'),
    info: noteAt('info'),
    warn: noteAt('warn'),
    error: noteAt('error'),
  };
  const sender = {
    ...rig.platform.sender,
    end: ({ replyTo }: { replyTo?: string }) => void ended.push(replyTo),
    traces: { counter: () => 'all chats', mark: () => '', candidates: () => [] },
  };
  const { coze, gate, conversations, suggestions, posts, budget, running, clock } = rig;
  const made = createWorker({
    cozeFor: () => coze,
    gate,
    conversations,
    running,
    clock,
    log,
    watch: (end) => void watched.push(end),
    suggestions,
    posts,
    budget,
    showReasoning: false,
    longAnswerMessages: 15,
    senders: [sender],
    userIdOf: () => 'user',
    turnIdOf: () => 'turn',
    hashOf: () => 'hash',
  });
  worker = {
    answer: (delivery) => rig.drive(made.answer(delivery)),
    giveUp: (delivery, error) => rig.drive(made.giveUp(delivery, error)),
  };
});

const facts = { code: 4013, said: 'rate', logid: 'L1' };

describe('the worker', () => {
  test.each([
    ['again', () => worker.answer(createDelivery(inbound('hi')))],
    [
      'dead letter',
      () =>
        worker.giveUp(
          createDelivery(inbound('hi')),
          new CozeFailed({ kind: 'busy', retryable: true, ...facts }),
        ),
    ],
  ])('the log has what Coze said of a failure: %s', async (outcome, act) => {
    rig.coze.next(new CozeFailed({ kind: 'busy', retryable: true, ...facts }));
    await act().catch(() => undefined);
    expect(lines).toEqual([expect.objectContaining({ outcome, kind: 'busy', ...facts })]);
  });

  test('warns once when Coze is away, and after that tells only who debugs', async () => {
    const away = new CozeFailed({ kind: 'busy', retryable: true, isAway: true, ...facts });
    const attempt = async (record?: TurnRecord) => {
      rig.coze.next(away);
      const delivery = createDelivery(inbound('hi'), record && { record });
      await worker.answer(delivery).catch(() => undefined);
      return delivery.notes.at(-1);
    };
    await attempt(await attempt());
    expect(levels).toEqual(['warn', 'debug']);
    expect(lines).toEqual(Array(2).fill(expect.objectContaining({ outcome: 'coze away', ...facts })));
  });

  test('knows by the id of a question where no post of ours is', async () => {
    const question = inbound('hi');
    const asked = { ...question, target: { ...question.target, after: '17' } };
    await worker.answer(createDelivery(asked));
    const { posts } = rig;
    const counter = { ...asked.target, channel: 'all chats' };
    expect(await posts.known(counter, asked.target, ['16', '17'])).toEqual(new Map([['17', 'here']]));
  });

  test('answers a question and says so in one line without names, texts or ids of the platform', async () => {
    await worker.answer(createDelivery(inbound('a secret question')));
    expect(rig.platform.screen).toEqual(['You said a secret question.']);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      turn: 'turn',
      conversation: 'hash',
      outcome: 'answered',
      chatId: 'chat1',
    });
    expect(JSON.stringify(lines)).not.toMatch(/secret|Ada|p1|c1/);
    expect(ended).toHaveLength(1);
  });

  test.each([
    ['/start', /Hello/],
    ['/help', /Coze bot/],
    ['/reset', /new conversation/],
  ])('%s is answered by the bridge itself', async (text, words) => {
    await worker.answer(createDelivery(inbound(text), { key: controlKey('key') }));
    expect(rig.platform.screen[0]).toMatch(words);
    expect(rig.coze.asked).toEqual([]);
  });

  test('a reset clears the old conversation at Coze, after the reader was answered', async () => {
    await rig.conversations.save('key', 0, '77');
    await rig.conversations.reset('key', 'r1');
    await worker.answer(createDelivery(inbound('/reset'), { key: controlKey('key') }));
    expect(rig.coze.cleared).toEqual(['77']);
    expect(await rig.conversations.find('key')).toEqual({ generation: 1 });
  });

  test('a reset of nothing clears nothing', async () => {
    await worker.answer(createDelivery(inbound('/reset'), { key: controlKey('key') }));
    expect(rig.coze.cleared).toEqual([]);
  });

  test('that an answer is stopped is said by the answer, and besides only where a word is promised', async () => {
    const stop = (more = {}) => {
      const message = inbound('/stop', { remark: 'stopping', target: { ...inbound('').target, ...more } });
      return worker.answer(createDelivery(message, { key: controlKey('key') }));
    };
    await stop();
    expect(rig.platform.screen).toEqual([]);
    await stop({ token: 'a promise' });
    expect(rig.platform.screen).toEqual([expect.stringMatching(/Stopping/)]);
  });

  test('a wish to stop that came to nothing is answered', async () => {
    const message = inbound('/stop', { remark: 'not-yours-to-stop' });
    await worker.answer(createDelivery(message, { key: controlKey('key') }));
    expect(rig.platform.screen).toEqual([expect.stringMatching(/Only who asked/)]);
  });

  test('a command that is taken up again is answered where it was answered before', async () => {
    const first = createDelivery(inbound('/reset'), { key: controlKey('key') });
    await worker.answer(first);
    const record = first.notes.at(-1);
    await worker.answer(createDelivery(inbound('/reset'), { key: controlKey('key'), attempt: 2, record }));
    expect(rig.platform.screen).toHaveLength(1);
  });

  test('a picture without words gets a sentence, and so does a mention of nothing', async () => {
    await worker.answer(createDelivery(inbound('', { attachments: [{ kind: 'image' }] })));
    await worker.answer(createDelivery(inbound('')));
    expect(rig.platform.screen[0]).toMatch(/only read text/);
    expect(rig.platform.screen[1]).toMatch(/Hello/);
    expect(rig.coze.asked).toEqual([]);
  });

  test('an edited question is answered where it was answered before, unless another was asked since', async () => {
    const first = createDelivery(inbound('two and two?'));
    await worker.answer(first);
    const { record } = { record: first.notes.at(-1) as TurnRecord };
    const edit = inbound('two and three?', { id: 'q@1', edits: { id: first.message.id, sentAt: 0 } });
    const before = async () => ({ message: first.message, record });
    await worker.answer(createDelivery(edit, { before }));
    expect(rig.platform.screen).toEqual(['You said two and three?.']);
    await worker.answer(createDelivery(edit, { before: async () => ({ message: inbound('else'), record }) }));
    await worker.answer(createDelivery(edit));
    expect(rig.platform.screen).toEqual(['You said two and three?.']);
    expect(rig.coze.asked).toHaveLength(2);
  });

  test('an edit that was begun is finished, though the answer before it is forgotten by then', async () => {
    const posted = [await rig.platform.sender.post(inbound('').target, { text: 'Coze cannot be reached' })];
    const edit = inbound('two and three?', { id: 'q@1', edits: { id: 'q', sentAt: 0 } });
    await worker.answer(createDelivery(edit, { record: { generation: 0, posted } }));
    expect(rig.platform.screen).toEqual(['You said two and three?.']);
  });

  test('whoever counts hears of each attempt how it ended, in the word of the log', async () => {
    await worker.answer(createDelivery(inbound('hi')));
    await worker.answer(createDelivery(inbound('/help'), { key: controlKey('key') }));
    rig.coze.next(failure('quota'));
    await worker.answer(createDelivery(inbound('and?')));
    rig.coze.next(failure('busy', { retryable: true }));
    await expect(worker.answer(createDelivery(inbound('now?')))).rejects.toThrow(CozeFailed);
    await worker.giveUp(createDelivery(inbound('now?')), failure('busy'));
    expect(watched).toMatchObject([
      {
        platform: 'fake',
        outcome: 'answered',
        report: { outcome: 'answered', mostBehindMs: expect.any(Number) },
      },
      { platform: 'fake', outcome: 'help' },
      { platform: 'fake', outcome: 'failed', report: { failure: { kind: 'quota' } } },
      { platform: 'fake', outcome: 'again' },
      { platform: 'fake', outcome: 'dead letter' },
    ]);
    expect(watched.map(({ outcome }) => outcome)).toEqual(
      lines.map((line) => (line as { outcome: string }).outcome),
    );
  });

  test('a reader who is gone ends the matter', async () => {
    rig.platform.failNext(new TargetGone('blocked'));
    await worker.answer(createDelivery(inbound('hi')));
    expect(lines).toEqual([expect.objectContaining({ outcome: 'gone' })]);
    expect(ended).toHaveLength(1);
  });

  test('what may work later is left to the mailbox, unanswered and not ended', async () => {
    rig.coze.next(failure('busy', { retryable: true }));
    await expect(worker.answer(createDelivery(inbound('hi')))).rejects.toThrow(CozeFailed);
    expect(ended).toEqual([]);
    expect(rig.platform.screen).toEqual([]);
  });

  test('the last failure is told to the reader: in Coze’s case what it was, else that it was ours', async () => {
    await worker.giveUp(createDelivery(inbound('hi')), failure('busy'));
    await worker.giveUp(createDelivery(inbound('hi')), new TypeError('x is not a function'));
    expect(rig.platform.screen[0]).toMatch(/busy/);
    expect(rig.platform.screen[1]).toMatch(/It is kept/);
    expect(ended).toHaveLength(2);
  });
});
