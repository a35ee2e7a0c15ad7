import { describe } from 'vitest';
import { outlivesItsProcess } from './mailbox-crash.ts';
import { stopsAndGoesOn } from './mailbox-lifecycle.ts';
import { keepsOrder } from './mailbox-order.ts';
import { triesAgain } from './mailbox-retry.ts';
import { stopsOneMessage } from './mailbox-stop.ts';
import type { CreateStore } from './store.ts';

/** What every home's mailbox promises. */
export function mailboxContract(name: string, createStore: CreateStore): void {
  describe(`the mailbox on ${name}`, () => {
    describe('order', () => keepsOrder(createStore));
    describe('attempts', () => triesAgain(createStore));
    describe('a message that is stopped or postponed', () => stopsOneMessage(createStore));
    describe('stop, leave, restart', () => stopsAndGoesOn(createStore));
    describe('killed and paused processes', () => outlivesItsProcess(createStore));
  });
}
