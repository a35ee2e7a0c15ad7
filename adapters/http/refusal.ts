import type { Notice } from '../../src/core/notices.ts';

/** The request cannot be answered: a status of HTTP, and why, in words for whoever sent it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly statusCode: number;
  constructor(statusCode: number, words: string) {
    super(words);
    this.statusCode = statusCode;
  }
}

/** What a failed answer means to a program. Everything else: it may try again (503). */
const statuses: Partial<Record<Notice, number>> = {
  occupied: 409,
  refused: 422,
  'too-long': 422,
  gone: 404,
};

export const statusOf = (failure: Notice): number => statuses[failure] ?? 503;
