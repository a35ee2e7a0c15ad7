import { beforeEach, describe, expect, test } from 'vitest';
import { controlKey } from '../src/core/addressing.ts';
import type { InboundMessage } from '../src/core/message.ts';
import type { Deliver } from '../src/core/ports/platform.ts';
import type { Interrupt, Mailbox } from '../src/core/ports/store.ts';
import { createGateway } from '../src/gateway.ts';
import { inbound } from './support/fake-platform.ts';
import { createFakeConversations } from './support/fake-store.ts';

let happened: (Interrupt | { put: string; text: string })[];
let deliver: Deliver;
let broken: boolean;

beforeEach(() => {
  happened = [];
  broken = false;
  const mailbox: Pick<Mailbox, 'put'> = {
    async put(key: string, { text }: InboundMessage) {
      if (broken) throw new Error('the store is away');
      happened.push({ put: key, text });
      return 'stored';
    },
  };
  const interrupts = {
    send: async (interrupt: Interrupt) => void happened.push(interrupt),
    listen: () => {},
  };
  deliver = createGateway({
    mailbox,
    interrupts,
    conversations: createFakeConversations(),
    groupContext: 'personal',
  });
});

describe('the gateway', () => {
  test('puts a message into the mailbox of its conversation', async () => {
    await deliver(inbound('hi'));
    expect(happened).toEqual([{ put: 'fake:b1:c1', text: 'hi' }]);
  });

  test('leaves alone what was said to somebody else', async () => {
    await deliver(inbound('hi', { addressed: 'overheard' }));
    await deliver(inbound('/reset', { addressed: 'overheard' }));
    expect(happened).toEqual([]);
  });

  test('gives commands a line of their own', async () => {
    await deliver(inbound('/help'));
    expect(happened).toEqual([{ put: controlKey('fake:b1:c1'), text: '/help' }]);
  });

  test('resets before anything written later is put', async () => {
    await deliver(inbound('/reset'));
    await deliver(inbound('hi'));
    expect(happened).toEqual([
      { key: 'fake:b1:c1', generation: 1 },
      { put: controlKey('fake:b1:c1'), text: '/reset' },
      { put: 'fake:b1:c1', text: 'hi' },
    ]);
  });

  test('a reset that is delivered twice resets once', async () => {
    await deliver(inbound('/reset'));
    await deliver(inbound('/reset'));
    expect(happened.filter((event) => 'generation' in event)).toEqual([
      { key: 'fake:b1:c1', generation: 1 },
      { key: 'fake:b1:c1', generation: 1 },
    ]);
  });

  test('lets the adapter know when the store is away', async () => {
    broken = true;
    await expect(deliver(inbound('hi'))).rejects.toThrow('the store is away');
  });
});
