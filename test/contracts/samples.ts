import type { InboundMessage } from '../../src/core/message.ts';
import type { TurnRecord } from '../../src/core/ports/store.ts';

const target = { platform: 'test', bot: 'bot', channel: 'room' };

export function sampleMessage(id: string, text = `text of ${id} 你好 🙂`): InboundMessage {
  return {
    id,
    author: { id: 'ann', name: 'Ann' },
    text,
    attachments: [],
    addressed: 'direct',
    target,
    sentAt: 1_700_000_000_000,
  };
}

export function sampleRecord(chatId: string): TurnRecord {
  return {
    generation: 3,
    // More digits than a double can hold: ids are text on every road.
    chat: { conversationId: '7384659201837465011', chatId },
    posted: [{ target, id: '1298374650918273645' }],
  };
}
