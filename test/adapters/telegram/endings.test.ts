import { describe, expect, test } from 'vitest';
import type { Group, PrivateChat } from '../../../emulators/telegram/chats.ts';
import type { MessageRef, ReplyTarget } from '../../../src/core/message.ts';
import type { Sender } from '../../../src/core/ports/platform.ts';
import { startSending } from './sending.ts';

/** What becomes of each kind of call, in the words of the port. */
async function outcomes(sender: Sender, target: ReplyTarget, ref: MessageRef) {
  const calls = {
    edit: () => sender.edit(ref, { text: 'the whole answer' }),
    clearButtons: () => sender.clearButtons?.(ref),
    post: () => sender.post(target, { text: 'the whole answer' }),
    typing: () => sender.showTyping?.(target),
    remove: () => sender.remove?.(ref),
  };
  const found: Record<string, string> = {};
  for (const [name, call] of Object.entries(calls)) {
    found[name] = await Promise.resolve(call()).then(
      () => 'done',
      (error: unknown) => (error instanceof Error ? error.name : 'odd'),
    );
  }
  return found;
}

/** An answer of which half is shown when something happens. */
async function startAnswer(kind: 'private' | 'group' | 'supergroup' = 'supergroup') {
  const sending = await startSending();
  const { emulator, sender, at } = sending;
  const chat = kind === 'private' ? emulator.privateChat() : emulator.group({ kind });
  const question = chat.say('why?').message_id;
  const target = at(chat, { after: `${question}`, ...(kind !== 'private' && { replyTo: `${question}` }) });
  const buttons = [{ label: 'Stop', data: 'stop/t_1/u_1' }];
  const ref = await sender.post(target, { text: 'half', buttons });
  return { ...sending, chat, target, ref };
}

const gone = {
  edit: 'TargetGone',
  clearButtons: 'TargetGone',
  post: 'TargetGone',
  typing: 'TargetGone',
  remove: 'TargetGone',
};

describe('while an answer is under way', () => {
  test.each<[string, (chat: PrivateChat) => void]>([
    ['the bot is blocked', (chat) => chat.block()],
    ['the account is deleted', (chat) => chat.deleteAccount()],
  ])('%s: nothing can be done there any more', async (_, happen) => {
    const { sender, target, ref, chat } = await startAnswer('private');
    happen(chat as PrivateChat);
    expect(await outcomes(sender, target, ref)).toEqual(gone);
  });

  test.each<[string, (group: Group) => void]>([
    ['the bot is kicked', (group) => group.kickBot()],
    ['the bot leaves', (group) => group.removeBot()],
  ])('%s: nothing can be done there any more', async (_, happen) => {
    const { sender, target, ref, chat } = await startAnswer();
    happen(chat as Group);
    expect(await outcomes(sender, target, ref)).toEqual(gone);
  });

  test('the group is deleted: nothing can be done there any more', async () => {
    const { emulator, sender, target, ref } = await startAnswer();
    const description = 'Forbidden: the group chat was deleted';
    emulator.fault({ kind: 'refuse', code: 403, description }, 5);
    expect(await outcomes(sender, target, ref)).toEqual(gone);
  });

  test('the message is deleted: the rest can be a new one', async () => {
    const { sender, target, ref, chat } = await startAnswer();
    chat.remove(Number(ref.id));
    expect(await outcomes(sender, target, ref)).toEqual({
      edit: 'MessageGone',
      clearButtons: 'MessageGone',
      post: 'done',
      typing: 'done',
      remove: 'done',
    });
  });

  test('the group becomes a supergroup: the answer goes on there, and nothing of the old one is in the way', async () => {
    const { emulator, sender, target, ref, chat } = await startAnswer('group');
    const upgraded = (chat as Group).upgradeToSupergroup();
    expect(await outcomes(sender, target, ref)).toEqual({
      edit: 'MessageGone',
      clearButtons: 'MessageGone',
      post: 'done',
      typing: 'done',
      remove: 'done',
    });
    expect(emulator.shown(upgraded.id)).toMatchObject([{ text: 'the whole answer' }]);
    expect(emulator.typing(upgraded.id)).toHaveLength(1);
  });

  test.each([
    ['closed', 'close', { edit: 'done', clearButtons: 'done', remove: 'done' }],
    ['deleted', 'remove', { edit: 'MessageGone', clearButtons: 'MessageGone', remove: 'done' }],
  ] as const)('the topic is %s: nothing is posted elsewhere', async (_, end, outcome) => {
    const { emulator, sender, at } = await startSending();
    const forum = emulator.forum();
    const topic = forum.topic('News');
    const target = at(forum, { thread: String(topic.id) });
    const ref = await sender.post(target, { text: 'half' });
    topic[end]();
    expect(await outcomes(sender, target, ref)).toMatchObject({ ...outcome, post: 'TargetGone' });
    expect(emulator.shown(forum.id).filter(({ threadId }) => threadId === undefined)).toEqual([]);
  });
});
