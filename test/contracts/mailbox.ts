import { describe } from 'vitest';
import { amendsWhatWaits } from './mailbox-amend.ts';
import { remembersTheLast } from './mailbox-answered.ts';
import { outlivesItsProcess } from './mailbox-crash.ts';
import { tellsItsFigures } from './mailbox-figures.ts';
import { joinsPieces } from './mailbox-join.ts';
import { keepsDeadLetters } from './mailbox-letters.ts';
import { stopsAndGoesOn } from './mailbox-lifecycle.ts';
import { keepsOrder } from './mailbox-order.ts';
import { countsAnew } from './mailbox-progress.ts';
import { triesAgain } from './mailbox-retry.ts';
import { stopsOneMessage } from './mailbox-stop.ts';
import { withdrawsWhatWaits } from './mailbox-withdraw.ts';
import type { CreateStore } from './store.ts';

/** What every home's mailbox promises. */
export function mailboxContract(name: string, createStore: CreateStore): void {
  describe(`the mailbox on ${name}`, () => {
    describe('order', () => keepsOrder(createStore));
    describe('attempts', () => triesAgain(createStore));
    describe('attempts that get further', () => countsAnew(createStore));
    describe('dead letters', () => keepsDeadLetters(createStore));
    describe('questions in pieces', () => joinsPieces(createStore));
    describe('edits of what waits', () => amendsWhatWaits(createStore));
    describe('what was answered last', () => remembersTheLast(createStore));
    describe('a message that is stopped or postponed', () => stopsOneMessage(createStore));
    describe('a message that is taken away', () => withdrawsWhatWaits(createStore));
    describe('its figures', () => tellsItsFigures(createStore));
    describe('stop, leave, restart', () => stopsAndGoesOn(createStore));
    describe('killed and paused processes', () => outlivesItsProcess(createStore));
  });
}
